"""Puts the built web client into the wheel; without Node.js it says so plainly."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebClient(BuildHookInterface[Any]):
    """Builds ``web/`` into ``src/chatkit/_static`` unless it is there already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or (root / "src/chatkit/_static/chatkit.js").exists() or not (root / "web").exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "The wheel carries the web client, and building it needs Node.js 20 or newer with npm, which was not "
                "found. Install Node.js, or install a released wheel, which has the client built in."
            )
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=root / "web", check=True)
        subprocess.run([npm, "run", "--silent", "build"], cwd=root / "web", check=True)
