"""Every known fault of openai-chatkit 1.6.5 and what became of it. With the differences it makes docs/differences.md."""

from __future__ import annotations

from typing import Final

FAULTS: Final[dict[str, str]] = {
    "D01": "Templates run in Jinja's sandbox: no code can be reached from a `.widget` file.",
    "D03": "Data is checked against the template's schema: a warning, or an error where the author asks.",
    "D04": "What a template gives is checked too: unknown components and values that do not fit are named.",
    "D05": "Views that the hosted Studio exported with `.map((item, index))` build.",
    "D10": "A Title, Caption or Badge with an `id` that grows sends itself, and not the whole widget.",
    "D12": "A stored widget comes back with every property, also those that a class does not know.",
    "D13": "Table, Table.Row and Table.Cell are there; a ListView may stand in a Card.",
    "D14": "`stream_widget` takes any asynchronous iterator, and says what is missing when it is empty.",
    "D15": "Widget classes are nothing to warn of: they and templates are both first-class.",
    "D30": "A title given in the first turn is saved as metadata, and the thread loads again.",
    "D31": "Hidden items do not make a page shorter. `threads.get_by_id` gives the oldest items, as clients expect; the element pages to the newest.",
    "D39": "An update of a stored item changes what is stored.",
    "D40": "`sync_action` saves its `updated_item`, and what it changed in the thread.",
    "D41": "`ChatKitServer.current_request()` has the request's metadata; feedback that nobody takes is logged; `thread.updated` replaces the thread, never its items.",
    "D42": "Times are in UTC with their offset; naive ones of old stores are read as UTC.",
    "D43": "One message at a time is answered in a thread: the next one waits, is refused, or replaces the answer, as the author says.",
    "D44": "Frames have ids, so that a dropped line goes on where it was; a silent stream sends a sign of life.",
    "D45": "The User-Agent of the Agents SDK is put back, whatever happens.",
    "D50": "Chat-completions models answer turn after turn.",
    "D52": "A tool call without an item id is taken as it is.",
    "D57": "Events are copies: what a tool does later to its task does not change what was sent.",
    "D59": "A tripped guardrail takes back what was shown, and the safe reply reaches the person.",
    "D61": "What was said before Stop is kept, however slow the store is and however often the request is cancelled.",
    "D62": "Stop and a hang-up end the model call at once.",
    "D63": "Closing the stream is a Stop like any other.",
    "D73": "Citations stream with every release of the SDK.",
    "D74": "Leaving a conversion leaves no task behind.",
    "D80": "Ids have 122 random bits or more.",
    "D84": "`import chatkit.server` loads neither openai nor the Agents SDK, and uses no private name of theirs.",
    "D86": "Stores, attachment stores, a web app, a test client and a command line come along; the first app has ten lines.",
    "D87": "`updated_at`, authors, codes of errors, and requests to edit, branch, search and resume are there.",
}
