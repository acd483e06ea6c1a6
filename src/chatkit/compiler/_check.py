"""Checks of a compiled widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import _ast as ast
from ._diagnostics import Findings

if TYPE_CHECKING:
    from ._compile import CompileResult, State


def check_widget(
    root: ast.Element,
    findings: Findings,
    states: Sequence[State],
    result: CompileResult,
    *,
    schema_given: bool,
) -> None:
    """Look a widget over; findings go to `findings` (the view) and `result.diagnostics` (schema and data)."""
    del root, findings, states, result, schema_given
