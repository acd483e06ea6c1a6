"""The event that is built by hand is the one that its classes build."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit._bridge.messages import text_delta
from chatkit.types import AssistantMessageContentPartTextDelta, ThreadItemUpdatedEvent


@given(st.text(), st.integers(0, 1000), st.text())
def test_a_delta_built_by_hand_equals_one_from_its_classes(item_id: str, index: int, delta: str) -> None:
    update = AssistantMessageContentPartTextDelta(content_index=index, delta=delta)
    expected = ThreadItemUpdatedEvent(item_id=item_id, update=update)
    made = text_delta(item_id, index, delta)
    assert made == expected
    assert made.model_dump_json() == expected.model_dump_json()
    assert made.model_fields_set == expected.model_fields_set
    assert made.model_copy(deep=True) == expected
    assert pickle.loads(pickle.dumps(made)) == expected
    assert repr(made) == repr(expected)


def test_two_deltas_share_nothing_that_can_change() -> None:
    one, two = text_delta("m", 0, "a"), text_delta("m", 0, "a")
    one.item_id = "other"
    one.update.type = "assistant_message.content_part.text_delta"
    assert two.item_id == "m"
    assert two.model_fields_set == {"item_id", "update"}
    with pytest.raises(AttributeError):
        one.nothing  # type: ignore[attr-defined]  # noqa: B018
