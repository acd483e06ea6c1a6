"""Ids: a prefix that says what it names, and 128 random bits that nobody can guess."""

from __future__ import annotations

from secrets import token_hex
from typing import Final

__all__ = ["PREFIXES", "new_id"]

PREFIXES: Final = {
    "thread": "thr",
    "message": "msg",
    "tool_call": "tc",
    "workflow": "wf",
    "task": "tsk",
    "attachment": "atc",
    "sdk_hidden_context": "shcx",
}


def new_id(prefix: str) -> str:
    """Return ``prefix_`` and 32 hexadecimal digits."""
    return f"{prefix}_{token_hex(16)}"
