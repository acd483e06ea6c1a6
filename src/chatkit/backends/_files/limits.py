"""What may be uploaded."""

from __future__ import annotations

from collections.abc import Mapping
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

    ``accept`` are the patterns of types that are taken at all.
    """

    max_bytes: Mapping[str, int] = field(default_factory=lambda: {"*": 100 * _MIB})
    accept: tuple[str, ...] = ("*",)

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

    def check_size(self, mime_type: str, size: int) -> None:
        """:raises LimitExceededError: too many bytes for the type."""
        limit = self.limit(mime_type)
        if size > limit:
            raise LimitExceededError(f"The file is larger than {limit:,} bytes, the limit for {mime_type}.")
