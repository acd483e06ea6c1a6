"""``.widget`` templates: a file with a Jinja template that writes the JSON of a widget."""

from __future__ import annotations

import inspect
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from pydantic import BaseModel, ValidationError

from chatkit.errors import WidgetDataError, WidgetError, WidgetTemplateError
from chatkit.logger import logger
from chatkit.widgets._base import BasicRoot, DynamicWidgetRoot, lazy_root
from chatkit.widgets._check import DataCheck, check_size, component_problem

if TYPE_CHECKING:
    from jinja2 import Template, nodes

    from chatkit.widgets._compile import Program

_CHECK_EVERY = 1024
_QUOTED = re.compile(r"'([^']+)'")
_Root = TypeVar("_Root", bound=BaseModel)


def _compiled(tree: nodes.Template) -> Program | None:
    from chatkit.widgets._compile import compile_template
    from chatkit.widgets._shapes import Unsupported

    try:
        return compile_template(tree)
    except Unsupported:
        return None


class WidgetTemplate:
    """A widget to be filled with data.

    The data is checked against the template's ``jsonSchema`` and the result against the component definitions. By
    default a problem is logged once per template, and only a sample of the builds is checked: the first four, then at
    doubling distances up to every 1,024th. With ``strict`` every build is checked and a problem is raised.

    :param definition: the parsed ``.widget`` file; ``template`` may be a ``jinja2.Template``, which is used as it is.
    :param strict: raise instead of logging; the default is :attr:`strict_by_default`.
    :param where: names the template in errors, for example its file.
    :raises WidgetTemplateError: if the version is not "1.0" or the template cannot be parsed.
    """

    strict_by_default: ClassVar[bool] = False

    def __init__(self, definition: dict[str, Any], *, strict: bool | None = None, where: str | None = None):
        version: Any = definition.get("version")
        self.name: str = definition.get("name", "")
        self._where = where or self.name or "widget"
        if version != "1.0":
            raise WidgetTemplateError(
                f"the version {version!r} is not supported",
                path=self._where,
                hint='The version must be "1.0".',
            )
        if "template" not in definition:
            raise WidgetTemplateError(
                "there is no template", path=self._where, hint='Add "template", or export the widget again.'
            )
        self.version: str = version
        self.strict = self.strict_by_default if strict is None else strict
        self.data_schema: dict[str, Any] = definition.get("jsonSchema") or {}
        self._data_check = DataCheck(self.data_schema, self._where)
        self._source: str | None = None
        self._program: Program | None = None
        self._builds_checked = 0
        self._until_check = 0
        self._warned = False
        self._jinja: Template | None = None
        self._load(definition["template"])

    @classmethod
    def from_file(cls, file_path: str, *, strict: bool | None = None) -> WidgetTemplate:
        """Read a ``.widget`` file; a relative path starts at the caller's file.

        :raises FileNotFoundError: if there is no such file.
        :raises WidgetTemplateError: if it is not JSON, has another version, or its template cannot be parsed.
        """
        path = Path(file_path)
        frame = inspect.currentframe()
        if not path.is_absolute() and frame is not None and frame.f_back is not None:
            path = Path(frame.f_back.f_code.co_filename).resolve().parent / path
        try:
            definition = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as fault:
            raise WidgetTemplateError(
                f"the file is not JSON: {fault.msg}",
                path=f"{path.name}:{fault.lineno}:{fault.colno}",
                hint="Export the widget again, or repair the JSON.",
            ) from fault
        if not isinstance(definition, dict):
            raise WidgetTemplateError(
                "the file is not a JSON object", path=path.name, hint="Export the widget again."
            )
        return cls(cast("dict[str, Any]", definition), strict=strict, where=path.name)

    def build(self, data: dict[str, Any] | BaseModel | None = None) -> DynamicWidgetRoot:
        """Fill the template with data and return the widget.

        :raises WidgetDataError: if a variable is missing, the result is no widget, or (strict) data or result are
            not as declared.
        :raises WidgetTemplateError: if the template does not write JSON.
        """
        values = data if type(data) is dict else self._values(data)
        program = self._program
        if program is None:
            return self._validated(DynamicWidgetRoot, values)
        try:
            frame = program.evaluate(values)
        except Exception:
            # Whatever is unusual about the data, Jinja has the last word, and the better message.
            return self._validated(DynamicWidgetRoot, values)
        self._until_check -= 1
        if self._until_check < 0 and self._check_is_due():
            self._check(values, program.raw(frame))
        return lazy_root(program, frame)

    def render(self, data: dict[str, Any] | BaseModel | None = None) -> Any:
        """Fill the template with data and return the JSON value it writes, as it is, checked by nothing.

        :raises WidgetDataError: if a variable is missing or the template fails on the data.
        :raises WidgetTemplateError: if the template does not write JSON.
        """
        values = self._values(data)
        if self._program is not None:
            # Whatever is unusual about the data, Jinja has the last word, and the better message.
            with suppress(Exception):
                return self._program.raw(self._program.evaluate(values))
        return self._render(values)

    def build_basic(self, data: dict[str, Any] | BaseModel | None = None) -> BasicRoot:
        """Fill a template whose root is Basic; :meth:`build` does the same for every root."""
        return self._validated(BasicRoot, self._values(data))

    @property
    def template(self) -> Template:
        """The template as Jinja compiles it; made when it is first needed, which for most templates is never."""
        if self._jinja is None:
            self._jinja = self._compile(self._parse(self._source or ""))
        return self._jinja

    def _load(self, source: Any) -> None:
        if not isinstance(source, str):
            self._jinja = source
            return
        self._source = source
        tree = self._parse(source)
        self._program = _compiled(tree)
        if self._program is None:
            # Only compiling finds what parsing lets through, for example a filter that does not exist.
            self._jinja = self._compile(tree)

    def _parse(self, source: str) -> nodes.Template:
        from jinja2 import TemplateSyntaxError

        from chatkit.widgets._jinja import parse

        try:
            return parse(source)
        except TemplateSyntaxError as fault:
            raise self._unparsed(fault) from fault

    def _compile(self, tree: nodes.Template) -> Template:
        from jinja2 import Template, TemplateSyntaxError

        from chatkit.widgets._bounds import bound
        from chatkit.widgets._jinja import ENVIRONMENT

        try:
            bound(tree)
            code = ENVIRONMENT.compile(tree, name=self._where, filename=f"<{self._where}>")
        except TemplateSyntaxError as fault:
            raise self._unparsed(fault) from fault
        return Template.from_code(ENVIRONMENT, code, ENVIRONMENT.make_globals(None))

    def _unparsed(self, fault: Any) -> WidgetTemplateError:
        return WidgetTemplateError(
            f"the template cannot be parsed: {fault.message}",
            path=f"{self._where}, template line {fault.lineno}",
            hint="Jinja compares with == and joins text with ~; correct the expression or export again.",
        )

    def _values(self, data: dict[str, Any] | BaseModel | None) -> dict[str, Any]:
        return data.model_dump() if isinstance(data, BaseModel) else data or {}

    def _validated(self, root: type[_Root], values: dict[str, Any]) -> _Root:
        tree = self._render(values)
        check_size(tree, self._where)
        self._until_check -= 1
        if self._until_check < 0 and self._check_is_due():
            self._check(values, tree)
        try:
            return root.model_validate(tree)
        except ValidationError as fault:
            first = fault.errors(include_url=False)[0]
            path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
            raise WidgetDataError(
                f"the template does not give a widget: {first['msg']}",
                path=f"{self._where} root{path}",
                hint="The root is Card, ListView or Basic; key and id are text; children are components.",
            ) from fault

    def _check_is_due(self) -> bool:
        """Whether to check this build; counts down to the next one, at growing distances."""
        if self.strict:
            return True
        if self._warned:
            self._until_check = _CHECK_EVERY
            return False
        self._builds_checked += 1
        self._until_check = min(2 ** max(0, self._builds_checked - 4), _CHECK_EVERY) - 1
        return True

    def _check(self, values: dict[str, Any], tree: Any) -> None:
        problem = self._data_check.problem(values)
        if problem is None and isinstance(tree, dict):
            problem = component_problem(cast("dict[str, Any]", tree), self._where)
        if problem is None:
            return
        if self.strict:
            raise problem
        self._warned = True
        logger.warning("%s (logged once; WidgetTemplate(..., strict=True) raises it)", problem)

    def _render(self, values: dict[str, Any]) -> Any:
        from jinja2 import UndefinedError
        from jinja2.exceptions import SecurityError

        try:
            text = self._text(values)
            return json.loads(text)
        except UndefinedError as fault:
            raise self._undefined(str(fault)) from fault
        except SecurityError as fault:
            raise WidgetTemplateError(
                f"the template may not do that: {fault}",
                path=self._where,
                hint="Compute it in Python and pass the result as data.",
            ) from fault
        except json.JSONDecodeError as fault:
            raise self._not_json(fault) from fault
        except WidgetError:
            raise
        except (
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            AssertionError,
            RecursionError,
        ) as fault:
            raise (
                self._undefined(str(fault))
                if "Undefined" in str(fault)
                else WidgetDataError(
                    f"the template failed: {fault}",
                    path=self._where,
                    hint="Pass only JSON values, of the types the template expects.",
                )
            ) from fault

    def _text(self, values: dict[str, Any]) -> str:
        from chatkit.widgets._bounds import MAX_TEXT

        parts: list[str] = []
        size = 0
        for part in self.template.generate(**values):
            size += len(part)
            if size > MAX_TEXT:
                raise WidgetDataError(
                    f"the widget has more than {MAX_TEXT:,} characters",
                    path=self._where,
                    hint="Show less at once, or page through it.",
                )
            parts.append(part)
        return "".join(parts)

    def _undefined(self, message: str) -> WidgetDataError:
        name = next(iter(_QUOTED.findall(message)[-1:]), "")
        return WidgetDataError(
            f"a variable is missing: {message}",
            path=f"{self._where}{self._position(name)}",
            hint=f"Pass {name!r} to build(), or guard it in the template with `is defined`."
            if name
            else "Pass every variable the template uses.",
        )

    def _position(self, name: str) -> str:
        """Where the template first uses a name, as line and column."""
        if not self._source or not name:
            return ""
        found = re.search(rf"\{{[{{%][^}}]*?\b{re.escape(name)}\b", self._source)
        if found is None:
            return ""
        end = found.end() - len(name)
        line = self._source.count("\n", 0, end) + 1
        return f", template line {line} column {end - self._source.rfind(chr(10), 0, end)}"

    def _not_json(self, fault: json.JSONDecodeError) -> WidgetTemplateError:
        excerpt = fault.doc[max(0, fault.pos - 40) : fault.pos + 20]
        return WidgetTemplateError(
            f"the template does not write JSON: {fault.msg} near {excerpt!r}",
            path=f"{self._where}, output line {fault.lineno} column {fault.colno}",
            hint="Write values as {{ value | tojson }}, without quotes around them, and mind the commas.",
        )
