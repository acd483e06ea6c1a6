"""Reading requests: any bytes are a request, or an error that says where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit._engine.protocol import parse_request
from chatkit.errors import ChatKitError
from chatkit.types import BaseReq

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = st.sampled_from(
    ["threads.create", "threads.list", "items.list", "threads.custom_action", "threads.stop", "nope"]
)
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        name: JSON
        for name in (
            "thread_id",
            "item_id",
            "input",
            "action",
            "limit",
            "order",
            "after",
            "client_request_id",
        )
    },
)


@pytest.mark.behaviour("R17")
@settings(max_examples=3 * settings.default.max_examples, deadline=None)
@given(st.binary(max_size=60) | JSON.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_a_request_or_an_error(body: bytes) -> None:
    _parsed_or_refused(body)


@pytest.mark.behaviour("R17")
@settings(max_examples=3 * settings.default.max_examples, deadline=None)
@given(TYPES, PARAMS)
def test_any_parameters_are_a_request_or_an_error_with_a_path(kind: str, params: dict[str, Any]) -> None:
    _parsed_or_refused(json.dumps({"type": kind, "params": params}).encode())


def _parsed_or_refused(body: bytes) -> None:
    refused: ChatKitError | None = None
    try:
        assert isinstance(parse_request(body), BaseReq)
    except ChatKitError as error:
        refused = error
    if refused is not None:
        assert (refused.code, refused.status) == ("request.invalid", 400)
        assert refused.message
        assert refused.hint
        assert isinstance(refused, ValueError)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"type": "threads.rename"}', "type"),
        ('{"params": {}}', "type"),
        ('{"type": "threads.get_by_id", "params": {}}', "params.thread_id"),
        ('{"type": "threads.create", "params": {"input": {"content": [{"type": "input_text"}], '
         '"attachments": [], "inference_options": {}}}}', "params.input.content[0].text"),
        ('{"type": "threads.list", "params": {"order": "up"}}', "params.order"),
        ('{"type": "threads.list", "params": {}, "metadata": 5}', "metadata"),
        ('{"type": "threads.create", "params": {"client_request_id": "' + "x" * 129 + '", "input": {"content": [], '
         '"attachments": [], "inference_options": {}}}}', "params.client_request_id"),
    ],
)  # fmt: skip
def test_an_error_says_where_the_fault_is(body: str, path: str) -> None:
    with pytest.raises(ChatKitError) as caught:
        parse_request(body)
    assert caught.value.path == path


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, b"\xff\xfe", "\ud800", b"null", b'"x"', b"[1]"])
def test_what_is_no_json_object_is_refused(body: str | bytes) -> None:
    with pytest.raises(ChatKitError) as caught:
        parse_request(body)
    assert caught.value.code == "request.invalid"
