"""Where ours answers differently from openai-chatkit 1.6.5, and why. The page docs/differences.md is written from this table."""

from __future__ import annotations

from typing import Final

from faults import FAULTS

PEER: Final = "openai-chatkit 1.6.5"

DIFFERENCES: Final[dict[str, tuple[str, str]]] = {
    "D02": (
        "A value put into a template without `tojson` stays inside its JSON string.",
        "It could add components and actions of its own.",
    ),
    "D06": (
        "Text that grows in a component without an `id` is sent.",
        "The change was lost until the item was done.",
    ),
    "D07": ("Text that grows below a single child is sent.", "The change was lost until the item was done."),
    "D08": (
        "A property that appears in a later state is sent.",
        "It raised AttributeError and ended the stream.",
    ),
    "D09": (
        "A change inside a component with an `id` sends that component (`widget.component.updated`).",
        "The whole widget was sent again for one property.",
    ),
    "D11": ("`null` stays in action payloads.", "It was dropped, and list positions moved."),
    "D32": (
        "What is missing or out of order is a `NotFoundError` or a `ChatKitError` before anything is written.",
        "A raw exception, an empty thread or an empty stream was left behind.",
    ),
    "D33": ("Closed and locked threads refuse messages.", "Only the page enforced it."),
    "D34": ("An attachment of another thread is refused.", "It could be taken over."),
    "D35": ("An action without a `type` is refused.", "It passed validation with a type that is no string."),
    "D36": (
        "A page limit below 1 is refused, and a larger one than the server allows (`max_page_size`, 1,000) is cut to that.",
        "Limits were unbounded and could be negative.",
    ),
    "D37": (
        "A retry removes the old answer with events, and keeps it stored until a new one is.",
        "It was deleted first, and lost when the new run failed.",
    ),
    "D38": ("What was said before a failure is stored.", "The partial answer was lost."),
    "D51": (
        "Messages of models without ids of their own get an id from the store.",
        "All had the id `__fake_id__` and replaced each other.",
    ),
    "D53": (
        "Each client tool call of a turn is kept, under the ids of the model's own call.",
        "The first of two was lost; with a server tool the ids were mixed up.",
    ),
    "D54": (
        "The end of a text part carries the citations that streamed.",
        "It carried none, and wiped them from the page.",
    ),
    "D55": (
        "A workflow that goes on in the next turn ends with `thread.item.replaced`.",
        "It was added to the store a second time.",
    ),
    "D56": ("A task is found by its place.", "Equal tasks got the place of the first."),
    "D58": (
        "A workflow shows when it starts; one without tasks goes away again; a failed run ends it.",
        "It showed nothing, was stored empty, or stayed open.",
    ),
    "D66": (
        "A growing thought is sent again when it has grown by an eighth.",
        "It was sent in full for every token, which costs the square of its length.",
    ),
    "D67": (
        "Web and file searches, code, MCP calls and approvals show as steps; refusals stream.",
        "They gave no event.",
    ),
    "D70": (
        "Mentions are told apart by their id.",
        "Of two with one label only the first reached the model.",
    ),
    "D71": (
        "Quoted text is told with the newest user message, whatever follows it.",
        "It was lost when anything followed.",
    ),
    "D72": (
        "The default converter tells the model of attachments, mentions and citations.",
        "It raised NotImplementedError for the first two and dropped the third.",
    ),
    "D85": (
        "Of images stored inline only the newest is sent to the model again.",
        "All of them were sent in every turn.",
    ),
    "errors": (
        "Errors in templates are `WidgetTemplateError`, a `ValueError` that names file, line and variable.",
        "They were whatever Jinja or the JSON parser raised.",
    ),
    "image": (
        "An image that could not be made goes away with `thread.item.removed`.",
        "It stayed on the page as one that loads, and was gone after a reload.",
    ),
    "wording": (
        "Sentences for people and for models are our own.",
        "They are free by the protocol.",
    ),
}


def page() -> str:
    """The page of the docs."""
    rows = [
        f"| {name if name.startswith('D') else '–'} | {ours} | {theirs} |"
        for name, (ours, theirs) in DIFFERENCES.items()
    ]
    return "\n".join(
        [
            f"# Differences from {PEER}",
            "",
            "The same scenarios run on both packages, and their results are compared event by event and row by row.",
            "Names, shapes, the order of events and what is stored are the same, but for these.",
            "Each row is a scenario of the conformance suite that differs for this reason; all others must be equal.",
            "",
            "| fault | ours | theirs |",
            "|---|---|---|",
            *rows,
            "",
            "## Faults that change no result of a scenario",
            "",
            "They show only in other circumstances, such as a slow store, a hang-up or a hostile template.",
            "Each has tests that carry its number.",
            "",
            "| fault | ours |",
            "|---|---|",
            *(f"| {name} | {ours} |" for name, ours in FAULTS.items()),
            "",
        ]
    )
