"""The HTTP side: an ASGI app that stands alone or mounts into FastAPI, Starlette and Django.

::

    app = ChatKitApp(server, auth=who_is_asking)
"""

from chatkit._extras import require

require("server", "starlette", purpose="chatkit.asgi")

from chatkit.asgi._app import ChatKitApp  # noqa: E402

__all__ = ["ChatKitApp"]
