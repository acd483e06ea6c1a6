"""Write spec/schema/*.schema.json from the Python types; with --check, say what differs instead."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chatkit.types import Attachment, ChatKitReq, Thread, ThreadItem, ThreadStreamEvent
from chatkit.widgets import StrictWidgetRoot
from chatkit.widgets.definitions import COMPONENTS

FOLDER = Path(__file__).resolve().parents[1] / "spec" / "schema"
TYPES: dict[str, Any] = {
    "request": ChatKitReq,
    "event": ThreadStreamEvent,
    "thread": Thread,
    "thread_item": ThreadItem,
    "attachment": Attachment,
    "widget_root": StrictWidgetRoot,
}


def without_titles(schema: Any) -> Any:
    """Drop what says nothing: generated titles and docstrings."""
    if isinstance(schema, list):
        return [without_titles(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    # The entries of "properties" and "$defs" are names, not keywords.
    return {
        key: {name: without_titles(entry) for name, entry in value.items()}
        if key in {"properties", "$defs"}
        else without_titles(value)
        for key, value in schema.items()
        if key in {"properties", "$defs"} or not (key in {"title", "description"} and isinstance(value, str))
    }


def components() -> dict[str, Any]:
    """The component definitions, for the client and the docs."""
    return {
        name: {
            "doc": component.doc,
            "root": component.root,
            "children": component.children,
            "onlyChildren": list(component.only_children),
            "onlyInside": list(component.only_inside),
            "streams": component.streams,
            "props": {
                prop.name: {
                    "kind": prop.kind.name,
                    "text": prop.kind.text,
                    "schema": prop.kind.schema,
                    "required": prop.required,
                    "default": prop.default,
                    "doc": prop.doc,
                }
                for prop in component.props.values()
            },
        }
        for name, component in COMPONENTS.items()
    }


def files() -> dict[Path, str]:
    """What each file should hold."""
    schemas = {
        FOLDER / f"{name}.schema.json": without_titles(TypeAdapter(kind).json_schema(mode="validation"))
        for name, kind in TYPES.items()
    }
    schemas[FOLDER / "components.json"] = components()
    return {path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for path, schema in schemas.items()}


def main() -> int:
    stale = [path for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is out of date: run `make gen` and commit what it writes")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in files().items():
        path.write_text(text, "utf-8")
    print(f"spec/schema: {len(stale)} of {len(files())} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
