"""What tests of a ChatKit app need: an in-process client, a scripted model over HTTP, checks of widgets, and contracts.

``StoreContract``, ``AttachmentStoreContract`` and ``StreamLogContract`` are classes of tests for a store, an attachment
store or a stream log of your own; they need pytest.
"""

from typing import TYPE_CHECKING, Any

from chatkit.testing._client import ChatKitClient, Turn
from chatkit.testing._script import (
    AskApproval,
    Call,
    Cite,
    Draw,
    Drop,
    Fail,
    ModelRequest,
    Raw,
    Refuse,
    Reply,
    Say,
    Search,
    Think,
    Wait,
)
from chatkit.testing._scripted_model import ScriptedModel
from chatkit.testing._widgets import assert_widget, find_components

if TYPE_CHECKING:
    from chatkit.testing._attachment_contract import AttachmentStoreContract
    from chatkit.testing._log_contract import StreamLogContract
    from chatkit.testing._store_contract import StoreContract

__all__ = [
    "AskApproval",
    "AttachmentStoreContract",
    "Call",
    "ChatKitClient",
    "Cite",
    "Draw",
    "Drop",
    "Fail",
    "ModelRequest",
    "Raw",
    "Refuse",
    "Reply",
    "Say",
    "ScriptedModel",
    "Search",
    "StoreContract",
    "StreamLogContract",
    "Think",
    "Turn",
    "Wait",
    "assert_widget",
    "find_components",
]


def __getattr__(name: str) -> Any:
    """The contracts import pytest, so they come only when they are asked for."""
    if name == "StoreContract":
        from chatkit.testing._store_contract import StoreContract

        return StoreContract
    if name == "AttachmentStoreContract":
        from chatkit.testing._attachment_contract import AttachmentStoreContract

        return AttachmentStoreContract
    if name == "StreamLogContract":
        from chatkit.testing._log_contract import StreamLogContract

        return StreamLogContract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
