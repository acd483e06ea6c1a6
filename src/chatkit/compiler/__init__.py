"""The widget language: JSX views, schemas and sample data to `.widget` files and back.

`compile_widget` does all of it in one call and raises nothing for faulty sources; every fault is a `Diagnostic` with a
code, a place in the source and a cure. Needs the extra `chatkit-selfhost[compiler]`.
"""

from __future__ import annotations

from ._compat import Dialect
from ._compile import CompileResult, Mode, SourceNode, State, compile_document, compile_widget
from ._container import SchemaMode, WidgetDocument, WidgetFile, read_widget
from ._diagnostics import Diagnostic, Fix, Severity, TextEdit

__all__ = [
    "CompileResult",
    "Diagnostic",
    "Dialect",
    "Fix",
    "Mode",
    "SchemaMode",
    "Severity",
    "SourceNode",
    "State",
    "TextEdit",
    "WidgetDocument",
    "WidgetFile",
    "compile_document",
    "compile_widget",
    "read_widget",
]
