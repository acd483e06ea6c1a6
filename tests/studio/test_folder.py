"""The Studio sees the widget files of one folder, and nothing outside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatkit.studio import StudioError
from chatkit.studio._folder import MAX_BYTES, Folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.widget").write_text("{}")
    (tmp_path / "inside" / "a.widget").write_text('{"name": "A"}')
    return tmp_path / "inside"


HOSTILE = [
    "../secret.widget",
    "a/../../secret.widget",
    "/etc/passwd",
    "/etc/passwd.widget",
    "C:/secret.widget",
    "..\\secret.widget",
    "a.widget\0.png",
    ".hidden/a.widget",
    ".a.widget",
    "notes.txt",
    "a//b.widget",
    "./a.widget",
    "",
    "x" * 500 + ".widget",
    "file:///etc/passwd.widget",
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: repr(path)[:24])
def test_a_path_that_leads_elsewhere_is_refused_for_every_operation(place: Path, path: str) -> None:
    folder = Folder(place)
    attempts = [
        lambda: folder.read(path),
        lambda: folder.write(path, "{}", None),
        lambda: folder.remove(path, None),
        lambda: folder.rename("a.widget", path, folder.read("a.widget").revision),
    ]
    for attempt in attempts:
        with pytest.raises(StudioError) as refused:
            attempt()
        assert refused.value.code == "studio.denied"
        assert refused.value.status == 403
    assert (place.parent / "secret.widget").read_text() == "{}"
    assert sorted(entry.name for entry in place.iterdir()) == ["a.widget"]


def test_a_link_to_a_file_outside_is_neither_listed_nor_read_nor_written(place: Path) -> None:
    (place / "link.widget").symlink_to(place.parent / "secret.widget")
    folder = Folder(place)

    assert folder.list() == ["a.widget"]
    with pytest.raises(StudioError, match="not a widget file of this folder"):
        folder.read("link.widget")
    with pytest.raises(StudioError, match="not a widget file of this folder"):
        folder.write("link.widget", "changed", None)
    assert (place.parent / "secret.widget").read_text() == "{}"


def test_a_linked_folder_is_neither_listed_nor_entered(place: Path) -> None:
    outside = place.parent / "outside"
    outside.mkdir()
    (outside / "b.widget").write_text("{}")
    (place / "linked").symlink_to(outside, target_is_directory=True)
    folder = Folder(place)

    assert folder.list() == ["a.widget"]
    for path in ("linked/b.widget", "linked/new.widget"):
        with pytest.raises(StudioError, match="not a widget file of this folder"):
            folder.write(path, "changed", None)
    assert sorted(entry.name for entry in outside.iterdir()) == ["b.widget"]


def test_a_named_pipe_is_not_waited_for(place: Path) -> None:
    os.mkfifo(place / "pipe.widget")
    with pytest.raises(StudioError, match="not a file"):
        Folder(place).read("pipe.widget")


def test_files_of_subfolders_are_listed_and_hidden_ones_are_not(place: Path) -> None:
    for name in ("cards", ".git", "node_modules"):
        (place / name).mkdir()
        (place / name / "x.widget").write_text("{}")
    assert Folder(place).list() == ["a.widget", "cards/x.widget"]


def test_a_file_that_is_too_large_or_not_text_is_refused(place: Path) -> None:
    (place / "large.widget").write_bytes(b" " * (MAX_BYTES + 1))
    (place / "binary.widget").write_bytes(b"\xff\xfe\x00")
    folder = Folder(place)
    with pytest.raises(StudioError, match="larger than"):
        folder.read("large.widget")
    with pytest.raises(StudioError, match="not UTF-8"):
        folder.read("binary.widget")
    with pytest.raises(StudioError, match="larger than"):
        folder.write("new.widget", " " * (MAX_BYTES + 1), None)
    assert not (place / "new.widget").exists()


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(place: Path) -> None:
    folder = Folder(place)
    made = folder.write("cards/new.widget", "Grüße", None)

    assert folder.read("cards/new.widget") == made
    assert [entry.name for entry in (place / "cards").iterdir()] == ["new.widget"]


def test_writing_over_what_somebody_else_wrote_is_a_conflict(place: Path) -> None:
    folder = Folder(place)
    seen = folder.read("a.widget").revision
    (place / "a.widget").write_text("theirs")

    with pytest.raises(StudioError) as conflict:
        folder.write("a.widget", "mine", seen)
    assert (conflict.value.code, conflict.value.status) == ("studio.conflict", 409)
    assert (place / "a.widget").read_text() == "theirs"


def test_a_new_file_never_takes_the_place_of_one_that_is_there(place: Path) -> None:
    with pytest.raises(StudioError) as conflict:
        Folder(place).write("a.widget", "mine", None)
    assert conflict.value.code == "studio.conflict"


def test_renaming_onto_another_file_is_refused(place: Path) -> None:
    folder = Folder(place)
    folder.write("b.widget", "b", None)
    with pytest.raises(StudioError, match="is there already"):
        folder.rename("a.widget", "b.widget", folder.read("a.widget").revision)
    assert folder.read("b.widget").text == "b"


def test_what_is_removed_lies_in_the_bin(place: Path) -> None:
    folder = Folder(place)
    bin_path = folder.remove("a.widget", folder.read("a.widget").revision)

    assert folder.list() == []
    assert (place / bin_path).read_text() == '{"name": "A"}'


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is not a folder"):
        Folder(tmp_path / "nowhere")
