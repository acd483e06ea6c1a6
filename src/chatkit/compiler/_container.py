"""The `.widget` file: reading every generation of it, and writing it byte for byte in the original's form."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ._diagnostics import Diagnostic, Findings
from ._jsvalue import json_text, too_deep
from ._literals import well_formed
from ._source import SourceText, Span

SchemaMode = Literal["zod", "jsonSchema"]
_KEYS = ("version", "name", "template", "jsonSchema", "outputJsonPreview", "encodedWidget")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
VERSION = "1.0"


@dataclass(slots=True)
class WidgetDocument:
    """What an author edits: view, schema and sample data.

    `fields` holds the document as it was read, so that keys unknown here, absent keys and the order of keys survive
    a round trip.
    """

    id: str
    name: str
    view: str
    default_state: dict[str, Any] = field(default_factory=dict[str, Any])
    schema: str | None = None
    schema_mode: SchemaMode = "zod"
    json_schema: Any = None
    states: list[Any] = field(default_factory=list[Any])
    fields: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> WidgetDocument:
        """A document from its decoded JSON, of any generation; parts of a wrong type read as absent."""
        state, states = raw.get("defaultState"), raw.get("states")
        schema = raw.get("schema")
        return cls(
            id=str(raw.get("id") or ""),
            name=str(raw.get("name") or ""),
            view=str(raw.get("view") or ""),
            default_state=cast("dict[str, Any]", state) if isinstance(state, dict) else {},
            schema=schema if isinstance(schema, str) else None,
            schema_mode="jsonSchema" if raw.get("schemaMode") == "jsonSchema" else "zod",
            json_schema=raw.get("jsonSchema"),
            states=cast("list[Any]", states) if isinstance(states, list) else [],
            fields=dict(raw),
        )

    @classmethod
    def new(
        cls, name: str, view: str, *, schema: str | None = None, state: dict[str, Any] | None = None
    ) -> WidgetDocument:
        """A fresh document with an id of its own."""
        made = "wig_" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
        return cls(id=made, name=name, view=view, schema=schema, default_state=state or {})

    def to_dict(self) -> dict[str, Any]:
        """The JSON of this document: known keys brought up to date, unknown and absent ones as they were."""
        current: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "view": self.view,
            "defaultState": self.default_state,
            "schemaMode": self.schema_mode,
            "jsonSchema": self.json_schema,
            "schema": self.schema,
            "states": self.states,
        }
        if not self.fields:
            valid = dict.fromkeys(("schemaValidity", "viewValidity", "defaultStateValidity"), "valid")
            current["jsonSchema"] = {} if self.json_schema is None else self.json_schema
            current["schema"] = self.schema or ""
            return {**current, **valid}
        fresh = WidgetDocument.from_dict(self.fields)
        out = dict(self.fields)
        for (key, value), before in zip(current.items(), _values(fresh), strict=True):
            if key in out and value == before:
                continue
            if key in out or value not in (None, "", [], {}, before):
                out[key] = value
        return out

    def encode(self) -> str:
        """The `encodedWidget` text: base64url without padding of the compact JSON."""
        packed = json_text(self.to_dict()).encode("utf-8")
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")

    @classmethod
    def decode(cls, encoded: str) -> WidgetDocument | None:
        """The document in an `encodedWidget` text, or None when there is none in it."""
        raw = _decoded_json(encoded)
        if raw is None or not isinstance(raw.get("view"), str):
            return None
        return cls.from_dict(raw)


def _values(document: WidgetDocument) -> list[Any]:
    return [
        document.id,
        document.name,
        document.view,
        document.default_state,
        document.schema_mode,
        document.json_schema,
        document.schema,
        document.states,
    ]


def _decoded_json(encoded: str) -> dict[str, Any] | None:
    compact = "".join(encoded.split()).rstrip("=").replace("+", "-").replace("/", "_")
    try:
        text = base64.b64decode(compact + "=" * (-len(compact) % 4), altchars=b"-_", validate=True).decode(
            "utf-8"
        )
        raw = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) and not too_deep(cast(Any, raw)) else None


@dataclass(slots=True)
class WidgetFile:
    """A `.widget` file: what the runtime needs, and the document it was made from when there is one."""

    name: str
    template: str
    version: str = VERSION
    json_schema: Any = None
    preview: Any = None
    document: WidgetDocument | None = None
    encoded: str | None = None
    fields: dict[str, Any] = field(default_factory=dict[str, Any])

    def to_text(self) -> str:
        """The file's text, as the original writes it: two-space JSON, keys in order, no newline at the end.

        A document that was only read is written back with the bytes it had.
        """
        encoded = self.encoded
        if self.document is not None and (
            encoded is None or _decoded_json(encoded) != self.document.to_dict()
        ):
            encoded = self.document.encode()
        current = dict(
            zip(
                _KEYS,
                (self.version, self.name, self.template, self.json_schema, self.preview, encoded),
                strict=True,
            )
        )
        kept = {key: value for key, value in current.items() if value is not None or key in self.fields}
        order = (
            [*self.fields, *(key for key in _KEYS if key not in self.fields)] if self.fields else list(_KEYS)
        )
        unknown = {key: value for key, value in self.fields.items() if key not in _KEYS}
        merged = {**kept, **unknown}
        return json_text({key: merged[key] for key in order if key in merged}, 2)


def read_widget(text: str) -> tuple[WidgetFile | None, list[Diagnostic]]:
    """Read a `.widget` file's text, tolerantly: what can be used is used, and what is wrong is told.

    A missing or unreadable `encodedWidget` is a warning: the template still runs, and can be decompiled.
    """
    text = well_formed(text.removeprefix("\ufeff"))
    findings = Findings(SourceText(text), "file")
    raw = _load(text, findings)
    if raw is None:
        return None, findings.sorted()
    whole = Span(0, min(len(text), 1))
    for key in ("version", "name", "template"):
        if not isinstance(raw.get(key), str):
            problem = "has no" if key not in raw else "needs text as"
            findings.add("CK102", f"The file {problem} `{key}`.", _key_span(text, key) or whole)
    if isinstance(raw.get("version"), str) and raw["version"] != VERSION:
        findings.add(
            "CK103",
            f"Version {raw['version']!r} is not known.",
            _key_span(text, "version") or whole,
            hint=f'Files have the version "{VERSION}".',
        )
    encoded = raw.get("encodedWidget")
    document = WidgetDocument.decode(encoded) if isinstance(encoded, str) else None
    if document is None:
        _report_missing_document(raw, findings, _key_span(text, "encodedWidget") or whole)
    file = WidgetFile(
        name=_string(raw, "name"),
        template=_string(raw, "template"),
        version=_string(raw, "version") or VERSION,
        json_schema=raw.get("jsonSchema"),
        preview=raw.get("outputJsonPreview"),
        document=document,
        encoded=encoded if isinstance(encoded, str) else None,
        fields=raw,
    )
    return file, findings.sorted()


def _string(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _report_missing_document(raw: Mapping[str, Any], findings: Findings, span: Span) -> None:
    if "encodedWidget" in raw:
        findings.add(
            "CK201",
            "`encodedWidget` holds no editor document.",
            span,
            severity="warning",
            hint="The template still runs. Open the widget in the Studio to rebuild a view from it.",
        )
    else:
        findings.add(
            "CK202",
            "The file has no `encodedWidget`, so it has no view to edit.",
            span,
            severity="info",
            hint="The template still runs. The Studio can rebuild a view from a regular template.",
        )


def _load(text: str, findings: Findings) -> dict[str, Any] | None:
    try:
        raw = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        findings.add(
            "CK101", f"The file is not JSON: {error.msg}.", Span(error.pos, min(error.pos + 1, len(text)))
        )
        return None
    except (ValueError, RecursionError) as error:
        findings.add("CK101", f"The file is not JSON: {error or 'nested too deeply'}.", Span(0, 0))
        return None
    if not isinstance(raw, dict):
        findings.add("CK101", "The file is not a JSON object.", Span(0, min(1, len(text))))
        return None
    if too_deep(cast(Any, raw)):
        findings.add("CK101", "The file is nested too deeply.", Span(0, min(1, len(text))))
        return None
    return cast("dict[str, Any]", raw)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _key_span(text: str, key: str) -> Span | None:
    at = text.find(f'"{key}"')
    return None if at < 0 else Span(at, at + len(key) + 2)
