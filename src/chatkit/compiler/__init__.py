"""The widget language: JSX views, schemas and sample data to `.widget` files and back.

`compile_widget` does all of it in one call and raises nothing for faulty sources; every fault is a `Diagnostic` with a
code, a place in the source and a cure. Needs the extra `chatkit-selfhost[compiler]`.
"""

from __future__ import annotations

from ._check import first_difference
from ._codes import CODES, Explanation, explain
from ._compat import Dialect
from ._compile import CompileResult, Mode, SourceNode, State, compile_document, compile_widget, view_nodes
from ._complete import Completion, Hover, complete, hover
from ._container import SchemaMode, WidgetDocument, WidgetFile, read_widget
from ._decompile import decompile, decompile_tree
from ._diagnostics import Diagnostic, Fix, Severity, TextEdit
from ._edit import (
    EditError,
    Expression,
    apply_edits,
    delete_node,
    duplicate_node,
    insert_node,
    move_node,
    set_prop,
    wrap_node,
)
from ._files import LoadedWidget, find_widgets, load_widget, title_of, write_atomically
from ._format import format_jsx
from ._format_zod import format_zod
from ._infer import infer_schema
from ._models import python_models
from ._report import Report, as_github, as_json, as_sarif, as_text
from ._samples import generated_states

__all__ = [
    "CODES",
    "CompileResult",
    "Completion",
    "Diagnostic",
    "Dialect",
    "EditError",
    "Explanation",
    "Expression",
    "Fix",
    "Hover",
    "LoadedWidget",
    "Mode",
    "Report",
    "SchemaMode",
    "Severity",
    "SourceNode",
    "State",
    "TextEdit",
    "WidgetDocument",
    "WidgetFile",
    "apply_edits",
    "as_github",
    "as_json",
    "as_sarif",
    "as_text",
    "compile_document",
    "compile_widget",
    "complete",
    "decompile",
    "decompile_tree",
    "delete_node",
    "duplicate_node",
    "explain",
    "find_widgets",
    "first_difference",
    "format_jsx",
    "format_zod",
    "generated_states",
    "hover",
    "infer_schema",
    "insert_node",
    "load_widget",
    "move_node",
    "python_models",
    "read_widget",
    "set_prop",
    "title_of",
    "view_nodes",
    "wrap_node",
    "write_atomically",
]
