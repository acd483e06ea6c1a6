"""Tools: functions that the model may call, and calls that the page carries out."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints, overload

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit.logger import logger

__all__ = ["Tool", "client_tool", "tool"]

Run = Callable[[AgentContext[Any], str], Awaitable[str]]
NeedsApproval = bool | Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Tool:
    """A tool as the model is told of it, and what runs when it is called.

    ``run`` takes the context and the arguments as JSON, and gives the text that the model gets.
    ``client`` marks a tool that the page carries out. ``needs_approval`` says whether a person is asked first, always
    or depending on the arguments.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    run: Run
    client: bool = False
    needs_approval: NeedsApproval = False


@overload
def tool(function: Callable[..., Any], /) -> Tool: ...
@overload
def tool(
    *, name: str | None = None, description: str | None = None, needs_approval: NeedsApproval = False
) -> Callable[[Callable[..., Any]], Tool]: ...
def tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    needs_approval: NeedsApproval = False,
) -> Tool | Callable[[Callable[..., Any]], Tool]:
    """Make a tool of a function: its parameters become the schema, its docstring the description.

    A first parameter annotated ``AgentContext`` gets the context of the run. What it returns goes to the model:
    a string as it is, anything else as JSON. With ``needs_approval``, or when that function of the arguments says so, a
    person is asked before it runs. Wrong arguments and errors go to the model as text, so that it can do better.

    ::

        @tool
        async def weather(context: AgentContext[None], city: str) -> str:
            "Tell the weather of a city."
    """
    if function is None:
        return lambda given: _tool(given, name, description, needs_approval)
    return _tool(function, name, description, needs_approval)


def client_tool(name: str, description: str, parameters: Mapping[str, Any] | None = None) -> Tool:
    """Declare a tool that the page carries out: calling it ends the turn, and its result begins the next.

    ``parameters`` is the JSON Schema of its arguments, an object.
    """

    async def run(context: AgentContext[Any], arguments: str) -> str:
        try:
            call = ClientToolCall(name=name, arguments=json.loads(arguments or "{}"))
        except ValueError as error:
            return f"Error: the arguments are not a JSON object. {error}"
        context.client_tool_call = call
        return "The page is carrying it out."

    schema = dict(parameters or {"type": "object", "properties": {}})
    return Tool(name, description, schema, run, client=True)


def _tool(
    function: Callable[..., Any], name: str | None, description: str | None, needs_approval: NeedsApproval
) -> Tool:
    model, wants_context = _arguments(function)
    shown = name or function.__name__
    schema = model.model_json_schema()
    schema.pop("title", None)

    async def run(context: AgentContext[Any], arguments: str) -> str:
        try:
            given = model.model_validate_json(arguments or "{}")
        except ValidationError as error:
            return f"Error: the arguments do not fit. {_faults(error)}"
        values = {field: getattr(given, field) for field in model.model_fields}
        try:
            result = function(context, **values) if wants_context else function(**values)
            return _as_text(await result if inspect.isawaitable(result) else result)
        except Exception as error:
            logger.exception("Tool %r failed", shown)
            return f"Error: {type(error).__name__}: {error}"

    about = description or inspect.getdoc(function) or ""
    return Tool(shown, about, schema, run, needs_approval=needs_approval)


def _arguments(function: Callable[..., Any]) -> tuple[type[BaseModel], bool]:
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())
    wants_context = bool(parameters) and _is_context(hints.get(parameters[0].name))
    fields: dict[str, Any] = {}
    for parameter in parameters[1:] if wants_context else parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(
                f"Tool {function.__name__!r} takes *{parameter.name}: name each parameter instead."
            )
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints.get(parameter.name, Any), default)
    made: type[BaseModel] = create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)
    return made, wants_context


def _is_context(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, AgentContext)


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


def _as_text(result: Any) -> str:
    return result if isinstance(result, str) else TypeAdapter(Any).dump_json(result).decode()
