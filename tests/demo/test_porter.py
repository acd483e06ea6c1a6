"""The demo's script: each scene does what its prompt promises."""

from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.demo._desk import Visitor
from chatkit.demo._porter import Porter
from chatkit.demo.scenes import SCENES, find_scene
from chatkit.testing import ChatKitClient
from chatkit.types import ClientToolCallItem, StructuredInputItem, WidgetItem, WorkflowItem

GUEST = Visitor("a guest")


@pytest.fixture
def client() -> ChatKitClient[Visitor]:
    store: MemoryStore[Visitor] = MemoryStore(owner=lambda context: context.name)
    return ChatKitClient(Porter(store, seconds_per_word=0), GUEST)


def prompt(label: str) -> str:
    return next(scene.prompt for scene in SCENES if scene.label == label)


def texts(node: Any) -> list[str]:
    """Every label and value in a widget, in order."""
    if isinstance(node, list):
        return [text for child in node for text in texts(child)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("value", "label") if isinstance(node.get(key), str)]
    return own + texts(node.get("children"))


def drawn(item: WidgetItem) -> dict[str, Any]:
    return item.widget.model_dump(mode="json", exclude_none=True)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.label)
async def test_every_start_screen_prompt_is_answered_by_its_own_scene(
    scene: Any, client: ChatKitClient[Visitor]
) -> None:
    assert find_scene(scene.prompt) is scene
    turn = await client.send(scene.prompt)
    assert turn.items, "the scene said nothing"
    assert client.thread.title
    assert (turn.error is None) == (scene.label != "Call the lift")


async def test_a_room_that_is_chosen_is_checked_and_the_others_step_back(
    client: ChatKitClient[Visitor],
) -> None:
    turn = await client.send(prompt("Show me the rooms"))
    rooms = turn.widgets[0]
    await client.act("room.choose", {"id": "tide"}, item=rooms)
    rows = drawn(client.last(WidgetItem))["children"]
    assert [("Yours" in texts(row)) for row in rows] == [False, True, False, False]
    colors = [row["children"][1]["children"][0]["color"] for row in rows]
    assert colors == ["tertiary", "prose", "tertiary", "tertiary"]


async def test_what_was_filled_in_comes_back_in_the_reply(client: ChatKitClient[Visitor]) -> None:
    form = (await client.send(prompt("Book a stay"))).widgets[0]
    values = {
        "guest": {"name": "Ada", "email": "ada@example.com"},
        "stay": {"room": "tide", "date": "2026-12-24", "breakfast": True, "wake": False, "note": "A lamp"},
    }
    turn = await client.act("booking.send", values, item=form)
    assert "Ada" in turn.text
    assert "Low Tide" in turn.text
    assert "2026-12-24" in turn.text
    assert "breakfast at the window" in turn.text
    ticket = texts(drawn(client.last(WidgetItem)))
    assert {"Ada", "ada@example.com", "A lamp"} <= set(ticket)


@pytest.mark.parametrize(
    "payload", [None, [], "text", {"guest": []}, {"guest": {"name": {"a": 1}}, "stay": 3}]
)
async def test_a_payload_of_any_shape_is_survived(payload: Any, client: ChatKitClient[Visitor]) -> None:
    form = (await client.send(prompt("Book a stay"))).widgets[0]
    turn = await client.act("booking.send", payload, item=form)
    assert turn.error is None


async def test_the_letter_grows_token_by_token_and_becomes_a_form(client: ChatKitClient[Visitor]) -> None:
    turn = await client.send(prompt("Write a letter for me"))
    deltas = [e for e in turn.events if getattr(getattr(e, "update", None), "component_id", None) == "body"]
    assert len(deltas) > 50
    letter = drawn(turn.widgets[0])
    assert letter["asForm"] is True
    assert letter["confirm"]["action"]["type"] == "email.send"
    assert letter["children"][-1]["editable"]["name"] == "email.body"


@pytest.mark.parametrize(
    ("action", "badge"), [("checkout.confirm", "Granted"), ("checkout.cancel", "Withdrawn")]
)
async def test_confirm_and_cancel_settle_the_card(
    action: str, badge: str, client: ChatKitClient[Visitor]
) -> None:
    card = (await client.send(prompt("Ask for late checkout"))).widgets[0]
    await client.act(action, {"checkout": {"hour": "14", "reason": "The view"}}, item=card)
    settled = drawn(client.last(WidgetItem))
    assert badge in texts(settled)
    assert not settled.get("confirm")


async def test_the_page_reports_the_switch_and_the_card_follows(client: ChatKitClient[Visitor]) -> None:
    card = (await client.send(prompt("Dim the lights"))).widgets[0]
    await client.act("lamp.turned", {"scheme": "dark"}, item=card)
    assert "Dimmed" in texts(drawn(client.last(WidgetItem)))


async def test_the_answer_of_the_page_goes_on_in_the_same_thread(client: ChatKitClient[Visitor]) -> None:
    turn = await client.send(prompt("What time is it where I am?"))
    assert isinstance(turn.items[-1], ClientToolCallItem)
    assert "04:20" in (await client.answer_tool({"time": "04:20", "zone": "Europe/Copenhagen"})).text


async def test_questions_are_answered_in_the_order_they_were_asked(client: ChatKitClient[Visitor]) -> None:
    turn = await client.send(prompt("Plan my breakfast"))
    asked = turn.items[-1]
    assert isinstance(asked, StructuredInputItem)
    reply = await client.answer_questions(asked.id, {"eggs": ["Fried"], "drinks": ["Tea", "Coffee"]})
    assert "Fried" in reply.text
    assert "Tea, Coffee" in reply.text


async def test_work_is_shown_step_by_step_and_ends_folded(client: ChatKitClient[Visitor]) -> None:
    turn = await client.send(prompt("Prepare my room"))
    flow = next(item for item in turn.items if isinstance(item, WorkflowItem))
    assert [task.status_indicator for task in flow.workflow.tasks] == ["complete"] * 4
    assert flow.workflow.expanded is False


async def test_the_lift_breaks_once_and_works_on_retry(client: ChatKitClient[Visitor]) -> None:
    turn = await client.send(prompt("Call the lift"))
    assert turn.error is not None
    assert turn.error.allow_retry
    asked = next(item for item in client.items if item.type == "user_message")
    assert "Ding" in (await client.retry(asked.id)).text
