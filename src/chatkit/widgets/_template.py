"""``.widget`` templates: Jinja that writes JSON, rendered in a sandbox."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from chatkit.errors import WidgetTemplateError
from chatkit.widgets._base import BasicRoot, DynamicWidgetRoot


class WidgetTemplate:
    """A widget that is filled with data."""

    def __init__(self, definition: dict[str, Any]):
        from jinja2 import StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        version = definition.get("version")
        if version != "1.0":
            raise WidgetTemplateError(
                f"version {version!r} is not supported", hint='The version must be "1.0".'
            )
        self.version = version
        self.name = definition["name"]
        source = definition["template"]
        if isinstance(source, str):
            source = SandboxedEnvironment(undefined=StrictUndefined).from_string(source)
        self.template = source
        self.data_schema = definition.get("jsonSchema", {})

    @classmethod
    def from_file(cls, file_path: str) -> WidgetTemplate:
        """Read a ``.widget`` file; a relative path starts at the caller's file."""
        path = Path(file_path)
        if not path.is_absolute():
            frame = inspect.currentframe()
            caller = frame.f_back if frame else None
            if caller:
                path = Path(caller.f_code.co_filename).resolve().parent / path
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def build(self, data: dict[str, Any] | BaseModel | None = None) -> DynamicWidgetRoot:
        """Fill the template with data."""
        return DynamicWidgetRoot.model_validate(self._render(data))

    def build_basic(self, data: dict[str, Any] | BaseModel | None = None) -> BasicRoot:
        """Fill a template whose root is Basic."""
        return BasicRoot.model_validate(self._render(data))

    def _render(self, data: dict[str, Any] | BaseModel | None) -> Any:
        values = data.model_dump() if isinstance(data, BaseModel) else data or {}
        return json.loads(self.template.render(**values))
