"""Python types from a widget's schema: Pydantic models, so that editors complete and type checkers refuse."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from typing import Any, cast

_WORDS = re.compile(r"[A-Za-z0-9]+")
_RESERVED = {"model_config", "copy", "json", "dict", "schema", "validate", "construct", "fields"}
_HEADER = '''"""Data of the widget {title!r}, written by `chatkit widget types`."""

from __future__ import annotations

{imports}
'''


@dataclass
class _Writer:
    root: Any
    classes: list[str] = field(default_factory=list[str])
    names: set[str] = field(default_factory=set[str])
    uses: set[str] = field(default_factory=set[str])
    root_name: str = ""

    def fresh(self, name: str) -> str:
        base, at = class_name(name), 1
        candidate = base
        while candidate in self.names:
            at += 1
            candidate = f"{base}{at}"
        self.names.add(candidate)
        return candidate

    def type(self, schema: Any, hint: str, depth: int = 0) -> str:
        """The Python type of a schema; classes it needs are written first."""
        if not isinstance(schema, dict) or depth > 25:
            return self._any()
        known = cast("dict[str, Any]", schema)
        if known.get("$ref") == "#":
            return self.root_name or self._any()
        if "const" in known or isinstance(known.get("enum"), list):
            return self._literal([known["const"]] if "const" in known else known["enum"])
        options = known.get("anyOf") or known.get("oneOf")
        if isinstance(options, list):
            return self._union([self.type(option, hint, depth + 1) for option in cast("list[Any]", options)])
        if isinstance(known.get("allOf"), list):
            return self.type(_merged(known["allOf"]), hint, depth + 1)
        named = known.get("type")
        if isinstance(named, list):
            return self._union(
                [self.type({**known, "type": one}, hint, depth + 1) for one in cast("list[Any]", named)]
            )
        return self._named(str(named), known, hint, depth)

    def _named(self, name: str, schema: dict[str, Any], hint: str, depth: int) -> str:
        plain = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}.get(
            name
        )
        if plain is not None:
            return plain
        if name == "array":
            return f"list[{self.type(schema.get('items', {}), _singular(hint), depth + 1)}]"
        if name == "object" and schema.get("properties"):
            return self.model(schema, hint, depth)
        if name == "object":
            extra = schema.get("additionalProperties")
            return (
                f"dict[str, {self.type(extra, hint, depth + 1) if isinstance(extra, dict) else self._any()}]"
            )
        return self._any()

    def _any(self) -> str:
        self.uses.add("Any")
        return "Any"

    def _literal(self, values: list[Any]) -> str:
        if not all(isinstance(value, (str, int, bool, type(None))) for value in values) or not values:
            return self._any()
        self.uses.add("Literal")
        return f"Literal[{', '.join(repr(value) for value in values)}]"

    def _union(self, types: list[str]) -> str:
        distinct = list(dict.fromkeys(types))
        return "Any" if "Any" in distinct else " | ".join(distinct)

    def model(self, schema: dict[str, Any], hint: str, depth: int) -> str:
        """Write the class of an object schema, and give its name."""
        name = self.fresh(hint)
        if depth == 0:
            self.root_name = name
        required = set(cast("list[str]", schema.get("required") or []))
        closed = schema.get("additionalProperties") is False
        lines = [f"class {name}(BaseModel):"]
        if schema.get("description"):
            lines.append(f'    """{_one_line(schema["description"])}"""\n')
        fields = cast("dict[str, Any]", schema["properties"])
        body: list[str] = []
        aliased = False
        for key, inner in fields.items():
            attribute, alias = _attribute(key)
            aliased = aliased or alias
            body.append(self._field(attribute, key if alias else None, inner, key in required, depth))
        lines += [_config(closed, aliased), ""] if closed or aliased else []
        lines += body or ["    pass"]
        self.classes.append("\n".join(lines))
        return name

    def _field(self, name: str, alias: str | None, schema: Any, required: bool, depth: int) -> str:
        written = self.type(schema, name, depth + 1)
        if not required and "None" not in written.split(" | ") and written != "Any":
            written = f"{written} | None"
        if alias is None:
            return f"    {name}: {written}" + ("" if required else " = None")
        self.uses.add("Field")
        # A plain `alias` would be the only name that type checkers let a caller write, and it is no Python name.
        names = f"validation_alias={alias!r}, serialization_alias={alias!r}"
        return f"    {name}: {written} = Field({'' if required else 'default=None, '}{names})"


def python_models(json_schema: Any, name: str, file_name: str | None = None) -> str:
    """A Python module with a model of the data, and with `build` when the `.widget` file's name is given.

    `build(data)` fills the template beside the module; its parameter is the model, so wrong data is a type error.
    """
    writer = _Writer(json_schema)
    schema = cast("dict[str, Any]", json_schema) if isinstance(json_schema, dict) else {}
    if schema.get("type") == "object" and schema.get("properties"):
        root = writer.model(schema, f"{name} Data", 0)
    else:
        root = writer.fresh(f"{name} Data")
        writer.classes.append(f"class {root}(BaseModel):\n    pass")
    typing_names = sorted(writer.uses & {"Any", "Literal"})
    pydantic = ["BaseModel", *(["ConfigDict"] if any("ConfigDict(" in one for one in writer.classes) else [])]
    pydantic += ["Field"] if "Field" in writer.uses else []
    imports = [f"from typing import {', '.join(typing_names)}"] if typing_names else []
    if file_name is not None:
        imports.insert(0, "from pathlib import Path")
    imports += ["" if imports else None, f"from pydantic import {', '.join(pydantic)}"]  # type: ignore[list-item]
    if file_name is not None:
        imports += ["", "from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate"]
    header = _HEADER.format(title=name, imports="\n".join(line for line in imports if line is not None))
    parts = [header.rstrip("\n"), *writer.classes]
    if file_name is not None:
        parts.append(_build(root, file_name))
    return "\n\n\n".join(parts) + "\n"


def _build(root: str, file_name: str) -> str:
    return (
        f"_TEMPLATE = WidgetTemplate.from_file(str(Path(__file__).with_name({file_name!r})))\n\n\n"
        f"def build(data: {root}) -> DynamicWidgetRoot:\n"
        f'    """Fill the widget with data."""\n'
        f"    return _TEMPLATE.build(data.model_dump(by_alias=True, exclude_unset=True))"
    )


def _config(closed: bool, aliased: bool) -> str:
    options = ['extra="forbid"'] if closed else []
    options += ["populate_by_name=True"] if aliased else []
    return f"    model_config = ConfigDict({', '.join(options)})"


def class_name(text: str) -> str:
    """A Python class name for a title or key."""
    words = _WORDS.findall(re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text))
    name = "".join(word[:1].upper() + word[1:] for word in words) or "Widget"
    return f"W{name}" if name[0].isdigit() else name


def _attribute(key: str) -> tuple[str, bool]:
    name = re.sub(r"\W", "_", key, flags=re.ASCII)
    if not name or name[0].isdigit() or name.startswith("_"):
        name = f"f_{name.lstrip('_')}"
    if keyword.iskeyword(name) or name in _RESERVED or name.startswith("model_"):
        name = f"{name}_"
    return name, name != key


def _singular(hint: str) -> str:
    return hint[:-1] if len(hint) > 2 and hint.endswith("s") and not hint.endswith("ss") else f"{hint}Item"


def _one_line(text: Any) -> str:
    return " ".join(str(text).split()).replace("\\", "\\\\").replace('"', "'")


def _merged(schemas: list[Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for schema in schemas:
        if isinstance(schema, dict):
            known = cast("dict[str, Any]", schema)
            properties.update(known.get("properties") or {})
            required += known.get("required") or []
    return {"type": "object", "properties": properties, "required": required}
