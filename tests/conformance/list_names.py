"""Prints where the names come from that can be imported from openai-chatkit's modules; runs in its interpreter."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from typing import Any

MODULES = ("actions", "agents", "errors", "icons", "server", "store", "types", "widgets")


def origin(thing: Any) -> str:
    """The package that says what the thing is; empty for values and type variables, which do not say."""
    return str(getattr(thing, "__module__", "")).partition(".")[0] if hasattr(thing, "__name__") else ""


def main() -> None:
    warnings.simplefilter("ignore")
    found: dict[str, dict[str, str]] = {}
    for name in MODULES:
        module = importlib.import_module(f"chatkit.{name}")
        public = [each for each in dir(module) if not each.startswith("_")]
        found[name] = {each: origin(getattr(module, each)) for each in public}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
