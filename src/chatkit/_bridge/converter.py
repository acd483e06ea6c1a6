"""What an app may decide about how a model's output shows: one method for each thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from urllib.parse import urlsplit

from chatkit.types import (
    Annotation,
    CustomTask,
    FileSource,
    FileTask,
    NoticeEvent,
    SearchTask,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    Task,
    URLSource,
)

from .reading import read, read_list, read_text

if TYPE_CHECKING:
    from openai.types.responses.response_output_text import (
        AnnotationContainerFileCitation,
        AnnotationFileCitation,
        AnnotationURLCitation,
    )

__all__ = ["CutOff", "ResponseStreamConverter"]

CutOff = Literal["length", "context", "filter", "pause"]
"""Why an endpoint ended an answer before the model had said everything: the longest length that is set, the longest
conversation that the model takes, a content filter, or more steps than one answer may have."""

_CUT_OFF: Final[dict[CutOff, str]] = {
    "length": "The answer ends here: it reached the longest length that is set for one answer.",
    "context": "The answer ends here: the conversation has become as long as the model can take.",
    "filter": "The answer ends here: a content filter of the model's provider held the rest back.",
    "pause": "The answer ends here: the model took more steps than one answer may have.",
}


class ResponseStreamConverter:
    """Turns citations, images and the model's own tools into what the chat shows. Override what should differ.

    ``partial_images`` is the number of previews asked of the image tool; with it, a preview's progress is known.
    """

    partial_images: int | None = None

    def __init__(self, *, partial_images: int | None = None) -> None:
        self.partial_images = partial_images

    async def base64_image_to_url(
        self, image_id: str, base64_image: str, partial_image_index: int | None = None
    ) -> str:
        """An address for a generated image; by default its bytes as a ``data:`` URL.

        Override it to keep images in storage: a ``data:`` URL is stored with the thread and sent to the model again.
        ``partial_image_index`` is set for a preview.
        """
        return f"data:image/png;base64,{base64_image}"

    def partial_image_index_to_progress(self, partial_image_index: int) -> float:
        """How far an image is, from 0 to 1, when preview ``partial_image_index`` arrives."""
        if not self.partial_images or self.partial_images <= 0:
            return 0.0
        return min(1.0, partial_image_index / self.partial_images)

    async def file_citation_to_annotation(self, file_citation: AnnotationFileCitation) -> Annotation | None:
        """The annotation for a cited file; None, without a filename, leaves it out."""
        return _file_annotation(file_citation.filename, file_citation.index)

    async def container_file_citation_to_annotation(
        self, container_file_citation: AnnotationContainerFileCitation
    ) -> Annotation | None:
        """The annotation for a cited file of a code container; None leaves it out."""
        return _file_annotation(container_file_citation.filename, container_file_citation.end_index)

    async def url_citation_to_annotation(self, url_citation: AnnotationURLCitation) -> Annotation | None:
        """The annotation for a cited page; None leaves it out."""
        source = URLSource(url=url_citation.url, title=url_citation.title)
        return Annotation(source=source, index=url_citation.end_index)

    async def hosted_tool_to_task(self, call: Any, complete: bool) -> Task | None:
        """The step that shows a tool which the model's endpoint runs by itself; None hides it.

        ``call`` is the model's output item (web or file search, code
        interpreter, MCP call or approval request), or a step of an agent (``agent_step`` with ``title``).
        It is asked when the call begins and again when it is complete.
        """
        make = _TASKS.get(read_text(call, "type"))
        if make is None:
            return None
        task = make(call)
        task.status_indicator = "complete" if complete else "loading"
        return task

    def approval_to_question(self, call: Any) -> StructuredInputMultipleChoice:
        """The question that asks a person to approve a tool call. The first option approves, every other one denies.

        ``call`` has ``name`` and ``arguments`` (JSON), and ``server_label`` when the tool is one of an MCP server.
        """
        arguments = read_text(call, "arguments")
        told = f" with {_arguments(arguments)}" if arguments not in ("", "{}") else ""
        return StructuredInputMultipleChoice(
            id="approval",
            question=f"Allow “{_mcp_name(call)}”{told}?",
            options=[StructuredInputMultipleChoiceOption(value=value) for value in ("Approve", "Deny")],
        )

    def cut_off_to_notice(self, reason: CutOff) -> NoticeEvent | None:
        """The notice under an answer that ``chatkit.models`` found cut off; None leaves it out."""
        return NoticeEvent(level="warning", message=_CUT_OFF[reason])


def _arguments(arguments: str) -> str:
    """All arguments on one line: whoever approves must see what will happen."""
    try:
        given: Any = json.loads(arguments)
    except ValueError:
        return json.dumps(arguments, ensure_ascii=False)
    if not isinstance(given, dict):
        return json.dumps(given, ensure_ascii=False)
    fields = cast("dict[str, Any]", given)
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())


def _file_annotation(filename: str | None, index: int | None) -> Annotation | None:
    if not filename:
        return None
    return Annotation(source=FileSource(filename=filename, title=filename), index=index)


def _web_search(call: Any) -> Task:
    action = read(call, "action")
    queries = [str(query) for query in read_list(action, "queries")]
    query = read_text(action, "query") or (queries[0] if queries else "")
    urls = [read_text(source, "url") for source in read_list(action, "sources")]
    return SearchTask(
        title="Searching the web",
        title_query=query or None,
        queries=queries or ([query] if query else []),
        sources=[URLSource(url=url, title=urlsplit(url).hostname or url) for url in urls if url],
    )


def _file_search(call: Any) -> Task:
    names = [read_text(result, "filename") for result in read_list(call, "results")]
    queries = ", ".join(str(query) for query in read_list(call, "queries"))
    title = f"Searching files: {queries}" if queries else "Searching files"
    unique = dict.fromkeys(name for name in names if name)
    return FileTask(title=title, sources=[FileSource(filename=name, title=name) for name in unique])


def _code(call: Any) -> Task:
    code = read_text(call, "code")
    return CustomTask(
        title="Running code", icon="square-code", content=_fenced("python", code) if code else None
    )


def _mcp_call(call: Any) -> Task:
    error = read_text(call, "error")
    arguments = read_text(call, "arguments")
    content = error or (_fenced("json", arguments) if arguments else None)
    return CustomTask(title=_mcp_name(call), icon="bolt", content=content)


def _mcp_approval(call: Any) -> Task:
    arguments = read_text(call, "arguments")
    content = _fenced("json", arguments) if arguments else None
    return CustomTask(title=f"Needs approval: {_mcp_name(call)}", icon="keys", content=content)


def _step(call: Any) -> Task:
    return CustomTask(title=read_text(call, "title"))


def _mcp_name(call: Any) -> str:
    return ": ".join(part for part in (read_text(call, "server_label"), read_text(call, "name")) if part)


def _fenced(language: str, code: str) -> str:
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code}\n{fence}"


_TASKS: Final[dict[str, Callable[[Any], Task]]] = {
    "web_search_call": _web_search,
    "file_search_call": _file_search,
    "code_interpreter_call": _code,
    "mcp_call": _mcp_call,
    "mcp_approval_request": _mcp_approval,
    "agent_step": _step,
}
