"""What tests of a ChatKit app need: a scripted model over HTTP, an in-process client, contracts for stores and logs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from chatkit.testing._log_contract import StreamLogContract
    from chatkit.testing._store_contract import StoreContract

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
    "StoreContract",
    "StreamLogContract",
    "Think",
    "Turn",
    "Wait",
    "assert_widget",
    "find_components",
]

_CONTRACTS = {
    "StoreContract": "chatkit.testing._store_contract",
    "StreamLogContract": "chatkit.testing._log_contract",
}


def __getattr__(name: str) -> Any:
    # The contracts are pytest classes; everything else here works without pytest.
    if name not in _CONTRACTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pytest

    pytest.register_assert_rewrite(_CONTRACTS[name])
    return getattr(import_module(_CONTRACTS[name]), name)
