"""What tests of a ChatKit app need: a scripted model over HTTP, an in-process client, contracts for stores and logs."""

from chatkit.testing._client import ChatKitClient, Turn
from chatkit.testing._script import (
    Call,
    Cite,
    Draw,
    Drop,
    Fail,
    ModelRequest,
    Refuse,
    Reply,
    Say,
    Search,
    Think,
    Wait,
)
from chatkit.testing._scripted_model import ScriptedModel
from chatkit.testing._widgets import assert_widget, find_components

__all__ = [
    "Call",
    "ChatKitClient",
    "Cite",
    "Draw",
    "Drop",
    "Fail",
    "ModelRequest",
    "Refuse",
    "Reply",
    "Say",
    "ScriptedModel",
    "Search",
    "Think",
    "Turn",
    "Wait",
    "assert_widget",
    "find_components",
]
