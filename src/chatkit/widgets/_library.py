"""A folder of ``.widget`` files, by name."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from chatkit.errors import WidgetTemplateError
from chatkit.widgets._base import DynamicWidgetRoot
from chatkit.widgets._template import WidgetTemplate

_ENDING = ".widget"


class WidgetLibrary(Mapping[str, WidgetTemplate]):
    """The widgets of a folder: ``library["draft-email"].build(data)``.

    A name is the file's path below the folder without its ending, with ``/`` between folders. Files are read when
    they are first asked for.

    :param folder: a folder; a relative path starts at the caller's file.
    :param reload: look at the file's time at each access and read it again when it has changed, for development.
    :param strict: as for :class:`WidgetTemplate`.
    :raises FileNotFoundError: if there is no such folder.
    """

    def __init__(self, folder: str | Path | Traversable, *, reload: bool = False, strict: bool | None = None):
        if isinstance(folder, str | Path):
            path = Path(folder)
            frame = inspect.currentframe()
            if not path.is_absolute() and frame is not None and frame.f_back is not None:
                path = Path(frame.f_back.f_code.co_filename).resolve().parent / path
            folder = path
        if not folder.is_dir():
            raise FileNotFoundError(f"There is no folder {folder} with widgets.")
        self._folder: Traversable = folder
        self._reload = reload
        self._strict = strict
        self._read: dict[str, tuple[float, WidgetTemplate]] = {}

    @classmethod
    def from_package(
        cls, package: str, folder: str = "widgets", *, strict: bool | None = None
    ) -> WidgetLibrary:
        """The widgets in a folder of an installed package.

        :raises ModuleNotFoundError: if there is no such package.
        :raises FileNotFoundError: if it has no such folder.
        """
        return cls(files(package).joinpath(folder), strict=strict)

    def __getitem__(self, name: str) -> WidgetTemplate:
        """Return a widget.

        :raises KeyError: if there is none of this name; the error says which there are.
        :raises WidgetTemplateError: if the file is not a widget.
        """
        file = self._file(name)
        changed = file.stat().st_mtime if self._reload and isinstance(file, Path) else 0.0
        known = self._read.get(name)
        if known is not None and known[0] == changed:
            return known[1]
        template = self._load(name, file)
        self._read[name] = (changed, template)
        return template

    def build(self, name: str, data: dict[str, Any] | BaseModel | None = None) -> DynamicWidgetRoot:
        """Fill a widget with data; see :meth:`WidgetTemplate.build`."""
        return self[name].build(data)

    def __iter__(self) -> Iterator[str]:
        yield from sorted(_names(self._folder, ""))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _is_plain(name) and self._path(name).is_file()

    def _path(self, name: str) -> Traversable:
        return self._folder.joinpath(*f"{name}{_ENDING}".split("/"))

    def _file(self, name: str) -> Traversable:
        if name not in self:
            listed = ", ".join(self) or "none"
            raise KeyError(f"There is no widget {name!r} in {self._folder}. There are: {listed}.")
        return self._path(name)

    def _load(self, name: str, file: Traversable) -> WidgetTemplate:
        try:
            definition = json.loads(file.read_text("utf-8"))
        except (ValueError, RecursionError) as fault:
            raise WidgetTemplateError(
                f"the file is not JSON: {fault}",
                path=f"{name}{_ENDING}",
                hint="Export the widget again, or repair it.",
            ) from fault
        if not isinstance(definition, dict):
            raise WidgetTemplateError(
                "the file is not a JSON object", path=f"{name}{_ENDING}", hint="Export the widget again."
            )
        where = f"{name}{_ENDING}"
        return WidgetTemplate(cast("dict[str, Any]", definition), strict=self._strict, where=where)


def _is_plain(name: str) -> bool:
    """Names come from code, but sometimes from a model: they must not lead out of the folder."""
    parts = name.split("/")
    return all(part and part not in {".", ".."} and not set(part) & set("\\:\0") for part in parts)


def _names(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith((".", "_")):
            yield from _names(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_ENDING):
            yield prefix + entry.name.removesuffix(_ENDING)
