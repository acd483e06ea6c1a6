"""The one folder that the Studio sees: its ``.widget`` files, and nothing outside it."""

import hashlib
import os
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from chatkit.errors import ChatKitError

__all__ = ["Entry", "Folder", "StudioError"]

MAX_BYTES = 4_000_000
MAX_FILES = 2_000
PRIVATE = ".chatkit-studio"
# Not through a link, and without waiting for the other end of a pipe; Windows has neither.
READING = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class StudioError(ChatKitError):
    """A request of the Studio that cannot be carried out; ``status`` is the HTTP status it answers with."""


@dataclass(frozen=True)
class Entry:
    """A file of the folder: its path below the folder, its content and what tells one content from another."""

    path: str
    text: str
    revision: str


class Folder:
    """Reads and writes the ``.widget`` files below ``root``.

    A path is given with ``/`` and relative to the folder. Links, ``..``, absolute paths, hidden files and other
    endings are refused, so that a page can never reach anything else on the machine.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).resolve()
        if not self.root.is_dir():
            raise StudioError(
                "studio.folder", f"{root} is not a folder.", hint="Give a folder that exists.", status=404
            )

    def list(self) -> list[str]:
        """The paths of all widget files, sorted; at most 2,000."""
        found: list[str] = []
        for place, folders, names in os.walk(self.root, followlinks=False):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "node_modules")
            for name in sorted(names):
                full = Path(place, name)
                if name.endswith(".widget") and not name.startswith(".") and not full.is_symlink():
                    found.append(full.relative_to(self.root).as_posix())
            if len(found) >= MAX_FILES:
                break
        return sorted(found[:MAX_FILES])

    def read(self, path: str) -> Entry:
        """The file at ``path``.

        Raises:
            StudioError: It is outside the folder (403), missing (404), larger than 4 MB or not UTF-8 (422).
        """
        place = self._place(path)
        try:
            descriptor = os.open(place, READING)
        except FileNotFoundError as error:
            raise StudioError("studio.missing", f"{path} is not there any more.", status=404) from error
        except OSError as error:
            raise StudioError(
                "studio.denied", f"{path} cannot be read: {error.strerror}.", status=403
            ) from error
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StudioError("studio.denied", f"{path} is not a file.", status=403)
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise StudioError("studio.too_large", f"{path} is larger than {MAX_BYTES:,} bytes.", status=422)
        try:
            return Entry(path, data.decode(), _revision(data))
        except UnicodeDecodeError as error:
            raise StudioError("studio.not_text", f"{path} is not UTF-8 text.", status=422) from error

    def write(self, path: str, text: str, expected: str | None) -> Entry:
        """Put ``text`` at ``path`` in one step: a reader sees the old content or the new, never a part.

        ``expected`` is the revision that the writer last saw, None for a new file.

        Raises:
            StudioError: ``studio.conflict`` (409) when the file has another revision by now; nothing is written.
        """
        place = self._place(path)
        data = text.encode()
        if len(data) > MAX_BYTES:
            raise StudioError(
                "studio.too_large", f"{path} would be larger than {MAX_BYTES:,} bytes.", status=422
            )
        self._expect(path, expected)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._place(path)  # again: the folders exist now, and none of them may be a link
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return Entry(path, text, _revision(data))

    def rename(self, path: str, to: str, expected: str | None) -> Entry:
        """Give the file at ``path`` another path; refused (409) when something is there already."""
        entry = self.read(path)
        self._expect(path, expected)
        target = self._place(to)
        if target.exists():
            raise StudioError(
                "studio.conflict", f"{to} is there already.", hint="Choose another name.", status=409
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self._place(path), target)
        return Entry(to, entry.text, entry.revision)

    def remove(self, path: str, expected: str | None) -> str:
        """Move the file at ``path`` into the Studio's own bin, and say where it went. Nothing is destroyed."""
        self._expect(path, expected)
        place = self._place(path)
        bin_folder = self.root / PRIVATE / "removed"
        bin_folder.mkdir(parents=True, exist_ok=True)
        target = bin_folder / f"{time.time_ns()}-{place.name}"
        os.rename(place, target)
        return target.relative_to(self.root).as_posix()

    def _expect(self, path: str, expected: str | None) -> None:
        place = self._place(path)
        current = self.read(path).revision if place.exists() else None
        if current != expected:
            raise StudioError(
                "studio.conflict",
                f"{path} was changed by somebody else." if current else f"{path} is not there any more.",
                hint="Load it again, or save yours under another name.",
                status=409,
            )

    def _place(self, path: str) -> Path:
        """The place of ``path`` on the disk.

        Raises:
            StudioError: 403, when it is not a widget file below the folder.
        """
        parts = path.split("/")
        outside = (
            "\\" in path
            or "\0" in path
            or ":" in path
            or not path.endswith(".widget")
            or any(part in ("", ".", "..") or part.startswith(".") for part in parts)
            or len(path) > 400
        )
        place = self.root.joinpath(*parts) if not outside else self.root
        if outside or self._passes_link(place):
            raise StudioError(
                "studio.denied",
                f"{path!r} is not a widget file of this folder.",
                hint="Use a relative path that ends in .widget, without links.",
                status=403,
            )
        return place

    def _passes_link(self, place: Path) -> bool:
        steps = [place, *place.parents[: len(place.relative_to(self.root).parts) - 1]]
        return any(step.is_symlink() for step in steps) or not place.resolve().is_relative_to(self.root)


def _revision(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
