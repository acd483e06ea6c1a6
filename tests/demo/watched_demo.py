"""The demo, with every address that the process looks up or connects to written down. Run in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

CALLS = {
    "socket.connect",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}


def watch(file: Path) -> None:
    """Write down each call that could leave the machine. Nothing can take the hook away again."""
    written = file.open("a", buffering=1)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS:
            written.write(json.dumps([event, [repr(part) for part in arguments]]) + "\n")

    sys.addaudithook(hook)


def main(folder: str, calls: str) -> None:
    watch(Path(calls))
    import uvicorn

    from chatkit.demo import create_demo_app

    app = create_demo_app(folder, seconds_per_word=0)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    config.load()
    listening = config.bind_socket()
    listening.listen()  # whoever reads the port may connect at once
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
