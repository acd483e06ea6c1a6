"""What a scripted model does in one call, as plain values."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

__all__ = [
    "AskApproval",
    "Call",
    "Cite",
    "Draw",
    "Drop",
    "Fail",
    "ModelRequest",
    "Part",
    "Raw",
    "Refuse",
    "Reply",
    "Say",
    "Search",
    "Think",
    "Wait",
]


@dataclass(frozen=True)
class Cite:
    """A web page that a text names as its source; ``end`` is where in the text, its end when absent."""

    url: str
    title: str
    end: int | None = None


@dataclass(frozen=True)
class Say:
    """Text, streamed word by word."""

    text: str
    cites: Sequence[Cite] = ()


@dataclass(frozen=True)
class Think:
    """Reasoning that the model shows; several texts are several parts of its summary."""

    text: str
    more: Sequence[str] = ()

    @property
    def texts(self) -> list[str]:
        """All parts of the summary."""
        return [self.text, *self.more]


@dataclass(frozen=True)
class Call:
    """A call of one of the tools that the request offers.

    ``call_id`` is made up when absent. ``item_id=None`` leaves the item without an id, as some endpoints do.
    ``result`` is for AG-UI, whose agents run tools themselves.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    call_id: str = field(default_factory=lambda: f"call_{token_hex(12)}")
    item_id: str | None = field(default_factory=lambda: f"fc_{token_hex(24)}")
    result: str | None = None


@dataclass(frozen=True)
class Refuse:
    """A refusal in place of text."""

    text: str


@dataclass(frozen=True)
class Search:
    """A search of the web that the endpoint does by itself (Responses only)."""

    query: str
    urls: Sequence[str] = ()


@dataclass(frozen=True)
class Draw:
    """An image that the endpoint makes by itself, with its previews, in base64 (Responses only)."""

    image: str
    previews: Sequence[str] = ()


@dataclass(frozen=True)
class AskApproval:
    """The endpoint asks for approval before it calls a tool of an MCP server (Responses only)."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    server_label: str = "server"


@dataclass(frozen=True)
class Raw:
    """An event of the wire as it is, for what the other parts do not say: quirks, faults, new kinds of event."""

    event: Mapping[str, Any]


@dataclass(frozen=True)
class Wait:
    """Nothing is sent until ``gate`` is set or the client hangs up."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Drop:
    """The connection breaks here, in the middle of the answer."""


@dataclass(frozen=True)
class Fail:
    """The request is answered with an HTTP error instead of a stream."""

    status: int = 500
    message: str = "The scripted model failed as it was told to."


Part = Say | Think | Call | Refuse | Search | Draw | AskApproval | Raw | Wait | Drop | Fail


@dataclass
class ModelRequest:
    """One request that the scripted model got.

    ``wire`` is ``responses``, ``chat``, ``anthropic`` or ``agui``. ``hung_up`` is set when the client leaves before
    the answer is complete, ``sent`` when it got everything.
    """

    wire: str
    body: dict[str, Any]
    headers: dict[str, str]
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def streaming(self) -> bool:
        """Whether the client asked for a stream."""
        return self.body.get("stream") is True

    @property
    def input(self) -> list[dict[str, Any]]:
        """What the model was told, in the shape of the wire: input items or messages."""
        found = self.body.get("input", self.body.get("messages", []))
        return [{"role": "user", "content": found}] if isinstance(found, str) else found

    @property
    def tool_names(self) -> list[str]:
        """The names of the tools the request offers."""
        tools: list[dict[str, Any]] = self.body.get("tools") or []
        return [str(tool.get("function", tool).get("name", "")) for tool in tools]


Reply = Part | str | Sequence[Part | str] | Callable[[ModelRequest], "Part | str | Sequence[Part | str]"]
"""What one call answers: a text, a part, several, or a function of the request that gives one of these."""


def parts_of(reply: Reply, request: ModelRequest) -> list[Part]:
    """The parts of a reply; plain strings become :class:`Say`."""
    given = reply(request) if callable(reply) else reply
    many = [given] if isinstance(given, str | Part) else given
    return [Say(part) if isinstance(part, str) else part for part in many]


def tokens(text: str) -> list[str]:
    """Cut a text the way models stream it: a word with the space before it at a time."""
    return re.findall(r"\s*\S+|\s+$", text)
