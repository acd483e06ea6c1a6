"""What may be uploaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chatkit.backends._files.kinds import matches
from chatkit.errors import ChatKitError, LimitExceededError

__all__ = ["UploadLimits", "UploadRefusedError"]

_MIB = 1024 * 1024


class UploadRefusedError(ChatKitError):
    """The file is of a type that is not taken, is not what it says it is, or did not pass the scan."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__("attachment.refused", message, hint=hint, status=415)


@dataclass(frozen=True)
class UploadLimits:
    """Sizes in bytes by pattern of type, such as ``image/*``; the first that fits counts, ``*`` is the rest.

    ``accept`` are the patterns of types that are taken at all. ``max_files`` is how many files one message may carry and
    ``max_thread_files`` how many all messages of a thread together, by pattern of type like the sizes: ``{"image/*": 4,
    "*": 10}`` allows four pictures, and ten files of other types. A type that no pattern fits is not limited.
    """

    max_bytes: Mapping[str, int] = field(default_factory=lambda: {"*": 100 * _MIB})
    accept: tuple[str, ...] = ("*",)
    max_files: Mapping[str, int] = field(default_factory=lambda: {"*": 20})
    max_thread_files: Mapping[str, int] = field(default_factory=dict[str, int])

    def check_type(self, mime_type: str) -> None:
        """:raises UploadRefusedError: files of this type are not taken."""
        if not matches(mime_type.split(";")[0].strip().lower(), self.accept):
            raise UploadRefusedError(
                f"Files of type {mime_type} are not taken.", hint=f"Taken: {', '.join(self.accept)}."
            )

    def limit(self, mime_type: str) -> int:
        """The most bytes for a type."""
        kind = mime_type.split(";")[0].strip().lower()
        for pattern, size in self.max_bytes.items():
            if matches(kind, (pattern,)):
                return size
        return 0

    def check_message_count(self, types: Iterable[str]) -> None:
        """:raises LimitExceededError: one message carries too many files of some type."""
        _check_count(self.max_files, types, "A message can carry")

    def check_thread_count(self, types: Iterable[str]) -> None:
        """:raises LimitExceededError: a thread's messages carry too many files of some type."""
        _check_count(self.max_thread_files, types, "A conversation can carry")

    def check_size(self, mime_type: str, size: int) -> None:
        """:raises LimitExceededError: too many bytes for the type."""
        limit = self.limit(mime_type)
        if size > limit:
            raise LimitExceededError(f"The file is larger than {limit:,} bytes, the limit for {mime_type}.")


def _check_count(limits: Mapping[str, int], types: Iterable[str], who: str) -> None:
    counts = Counter(_first_fit(limits, kind) for kind in types)
    for pattern, most in limits.items():
        if counts[pattern] > most:
            what = "files" if pattern in ("*", "") else f"files of type {pattern}"
            raise LimitExceededError(
                f"{who} at most {most} {what}; here are {counts[pattern]}.",
                hint="Remove some of them." if "message" in who else "Start a new conversation for more.",
            )


def _first_fit(limits: Mapping[str, int], mime_type: str) -> str | None:
    kind = mime_type.split(";")[0].strip().lower()
    return next((pattern for pattern in limits if matches(kind, (pattern,))), None)
