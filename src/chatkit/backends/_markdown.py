"""A thread as Markdown, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chatkit.types import ThreadItem, ThreadMetadata

__all__ = ["thread_markdown"]


def thread_markdown(thread: ThreadMetadata, items: Iterable[ThreadItem]) -> str:
    """The title, and what each side said, in order; what no client sees is left out."""
    parts = [f"# {thread.title or 'Untitled'}", f"_{thread.created_at:%Y-%m-%d %H:%M} UTC · {thread.id}_"]
    for item in items:
        write = _WRITERS.get(item.type)
        text = write(item).strip() if write is not None else ""
        if text:
            parts.append(text)
    return "\n\n".join(parts) + "\n"


def _user(item: Any) -> str:
    said = "".join(part.text if part.type == "input_text" else f"@{part.text}" for part in item.content)
    quote = "".join(f"> {line}\n" for line in (item.quoted_text or "").splitlines())
    files = "".join(f"\n- 📎 {attachment.name}" for attachment in item.attachments)
    return f"**You**\n\n{quote}{said}{files}"


def _assistant(item: Any) -> str:
    name = item.author.name if getattr(item, "author", None) else "Assistant"
    return f"**{name}**\n\n" + "\n\n".join(part.text for part in item.content)


def _widget(item: Any) -> str:
    return item.copy_text or f"_[{getattr(item.widget, 'type', 'widget')}]_"


def _workflow(item: Any) -> str:
    lines = [f"- {getattr(task, 'title', None) or task.type}" for task in item.workflow.tasks]
    return "\n".join(lines)


def _image(item: Any) -> str:
    return f"![Generated image]({item.image.url})" if item.image else ""


_WRITERS: dict[str, Callable[[Any], str]] = {
    "user_message": _user,
    "assistant_message": _assistant,
    "widget": _widget,
    "workflow": _workflow,
    "generated_image": _image,
}
