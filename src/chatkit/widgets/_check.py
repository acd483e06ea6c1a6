"""Checks on what goes into a template and what comes out: data against its schema, components against their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from chatkit.errors import WidgetDataError

if TYPE_CHECKING:
    from chatkit.widgets.definitions import Component

MAX_DEPTH = 64
MAX_NODES = 5_000


def check_size(tree: Any, where: str) -> None:
    """Refuse a widget that is nested too deeply or has too many components.

    :raises WidgetDataError: with the limit.
    """
    level: list[Any] = [tree]
    nodes = depth = 0
    while level:
        depth += 1
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                nodes += 1
                below.extend(cast("dict[str, Any]", value).values())
            elif isinstance(value, list):
                below.extend(cast("list[Any]", value))
        # Lists and their entries are levels of their own, as in the JSON text.
        if nodes > MAX_NODES:
            raise _too_much(f"more than {MAX_NODES:,} nodes", "Show fewer rows, or page through them.", where)
        if depth > 2 * MAX_DEPTH:
            raise _too_much(f"nested deeper than {MAX_DEPTH} components", "Flatten the layout.", where)
        level = [value for value in below if isinstance(value, (dict, list))]


def _too_much(what: str, hint: str, where: str) -> WidgetDataError:
    return WidgetDataError(
        f"the widget has {what}" if what[0] == "m" else f"the widget is {what}", path=where, hint=hint
    )


class DataCheck:
    """A template's ``jsonSchema``, compiled when it is first needed."""

    def __init__(self, schema: dict[str, Any], where: str):
        self._schema = schema
        self._where = where
        self._validator: Any = None
        self.trivial = not schema or schema.keys() <= {"$schema", "$id", "title", "description"}

    def problem(self, data: Any) -> WidgetDataError | None:
        """Return the first thing that is wrong with the data, or None."""
        if self.trivial:
            return None
        if self._validator is None:
            import jsonschema_rs

            self._validator = jsonschema_rs.validator_for(self._schema)
        try:
            for error in self._validator.iter_errors(data):
                return WidgetDataError(
                    error.message,
                    path=f"{self._where} data{_dotted(error.instance_path)}",
                    hint="Pass data that fits the template's jsonSchema, or change the schema.",
                )
        except ValueError as unreadable:
            return WidgetDataError(
                f"the data cannot be checked: {unreadable}",
                path=f"{self._where} data",
                hint="Pass only strings, numbers, booleans, None, lists and dicts with string keys.",
            )
        return None


def _dotted(path: list[Any]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def component_problem(tree: dict[str, Any], where: str) -> WidgetDataError | None:
    """Return the first component or property that is not as the definitions say, or None."""
    for path, component, parent in _components(tree, "", None):
        fault = _fault(component, parent)
        if fault:
            name, message, hint = fault
            return WidgetDataError(message, path=f"{where} {path or 'root'}{name}", hint=hint)
    return None


def _components(
    component: dict[str, Any], path: str, parent: str | None
) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    yield path, component, parent
    children = component.get("children")
    listed = cast("list[Any]", children) if isinstance(children, list) else [children]
    for place, child in enumerate(listed):
        if isinstance(child, dict):
            yield from _components(
                cast("dict[str, Any]", child), f"{path}.children[{place}]".lstrip("."), component.get("type")
            )


def _fault(component: dict[str, Any], parent: str | None) -> tuple[str, str, str] | None:
    definitions = _definitions()
    kind = component.get("type")
    definition = definitions.get(kind) if isinstance(kind, str) else None
    if definition is None:
        known = ", ".join(definitions)
        return ".type", f"there is no component {kind!r}", f"Components are {known}."
    if parent is not None and (misplaced := _misplaced(definition, definitions.get(parent))):
        return ".type", misplaced, "Move it, or put what it belongs into around it."
    for name in definition.required:
        if component.get(name) is None:
            return f".{name}", f"{kind} needs {name!r}", f"{definition.props[name].doc}"
    for name, value in component.items():
        prop = definition.props.get(name)
        if prop is not None and value is not None and not _fits(prop.kind.name, prop.kind.schema, value):
            hint = f"It takes {prop.kind.text}."
            return f".{name}", f"{value!r:.80} is not a value for {kind}.{name}", hint
    return None


def _misplaced(definition: Component, holder: Component | None) -> str | None:
    """What is wrong about a component being where it is, or None."""
    if definition.only_inside and (holder is None or holder.name not in definition.only_inside):
        return f"{definition.name} belongs directly into {' or '.join(definition.only_inside)}"
    if holder is not None and holder.only_children and definition.name not in holder.only_children:
        return f"{holder.name} takes only {' and '.join(holder.only_children)} as children"
    return None


@cache
def _definitions() -> Mapping[str, Component]:
    from chatkit.widgets.definitions import COMPONENTS

    return COMPONENTS


_QUICK: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "text": (str, int, float),
    "boolean": (bool,),
    "length": (str, int, float),
    "color": (str,),
    "icon": (str,),
    "url": (str,),
}
_validators: dict[str, Any] = {}


def _fits(name: str, schema: dict[str, Any], value: Any) -> bool:
    allowed = schema.get("enum")
    if allowed is not None:
        return value in allowed
    if type(value) in _QUICK.get(name, ()):
        return True
    validator = _validators.get(name)
    if validator is None:
        import jsonschema_rs

        validator = _validators[name] = jsonschema_rs.validator_for(schema)
    return bool(validator.is_valid(value))
