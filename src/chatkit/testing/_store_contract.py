"""What every `chatkit.store.Store` must do, as tests that any backend can run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import AnyUrl

from chatkit.store import NotFoundError, Store, ThreadQuery
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    AttachmentUploadDescriptor,
    FileAttachment,
    HiddenContextItem,
    InferenceOptions,
    LockedStatus,
    Page,
    Thread,
    ThreadItem,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTextContent,
)

__all__ = ["StoreContract"]

_T0 = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ANN: dict[str, Any] = {"owner": "ann"}
BOB: dict[str, Any] = {"owner": "bob"}


class StoreContract:
    """Subclass it, name the class `Test…`, and give `make_store`; pytest then runs the whole contract.

    The store must be scoped by `context["owner"]`. Stores that only read and write, without search, may set
    `searches = False`.
    """

    searches = True

    async def make_store(self) -> Store[Any]:
        """An empty store, ready for use, scoped by `context["owner"]`. Override."""
        raise NotImplementedError

    async def close_store(self, store: Store[Any]) -> None:
        """Let go of what `make_store` opened. Override where there is something."""

    @pytest.fixture
    async def store(self) -> AsyncIterator[Store[Any]]:
        store = await self.make_store()
        yield store
        await self.close_store(store)

    # Threads

    async def test_a_thread_comes_back_as_it_was_saved(self, store: Store[Any]) -> None:
        thread = ThreadMetadata(
            id="thr_1",
            title="Über Käse 🧀 \x00",
            created_at=_T0,
            status=LockedStatus(reason="away"),
            allowed_image_domains=["example.org"],
            metadata={"none": None, "list": [1, None, {"deep": True}], "text": "x\x00"},
        )
        await store.save_thread(thread, ANN)
        loaded = await store.load_thread("thr_1", ANN)
        assert loaded.model_dump(exclude={"updated_at"}) == thread.model_dump(exclude={"updated_at"})
        assert loaded.created_at == _T0

    async def test_saving_a_thread_again_replaces_it(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1", title="Old")
        await _thread(store, "thr_1", title=None, metadata={"a": 1})
        loaded = await store.load_thread("thr_1", ANN)
        assert (loaded.title, loaded.metadata) == (None, {"a": 1})
        assert len((await store.load_threads(10, None, "asc", ANN)).data) == 1

    @pytest.mark.behaviour("D30")
    async def test_a_thread_saved_with_its_items_loads_without_them(self, store: Store[Any]) -> None:
        page = Page[ThreadItem](data=[_message("msg_1")])
        await store.save_thread(Thread(id="thr_1", created_at=_T0, title="T", items=page), ANN)
        loaded = await store.load_thread("thr_1", ANN)
        assert loaded.title == "T"
        assert "items" not in loaded.model_dump()
        assert (await store.load_thread_items("thr_1", None, 10, "asc", ANN)).data == []

    async def test_what_is_loaded_is_a_copy(self, store: Store[Any]) -> None:
        thread = await _thread(store, "thr_1", metadata={"a": [1]})
        thread.metadata["a"].append(2)
        loaded = await store.load_thread("thr_1", ANN)
        loaded.metadata["a"].append(3)
        assert (await store.load_thread("thr_1", ANN)).metadata == {"a": [1]}

    async def test_an_unknown_thread_is_not_found(self, store: Store[Any]) -> None:
        for missing in (
            store.load_thread("thr_0", ANN),
            store.delete_thread("thr_0", ANN),
            store.load_thread_items("thr_0", None, 10, "asc", ANN),
            store.load_item("thr_0", "msg_0", ANN),
            store.save_item("thr_0", _message("msg_0"), ANN),
            store.add_thread_item("thr_0", _message("msg_0"), ANN),
            store.load_attachment("atc_0", ANN),
            store.delete_attachment("atc_0", ANN),
        ):
            with pytest.raises(NotFoundError):
                await missing

    async def test_deleting_a_thread_deletes_its_items(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        await store.add_thread_item("thr_1", _message("msg_1"), ANN)
        await store.delete_thread("thr_1", ANN)
        with pytest.raises(NotFoundError):
            await store.load_thread("thr_1", ANN)
        await _thread(store, "thr_1")
        assert (await store.load_thread_items("thr_1", None, 10, "asc", ANN)).data == []

    # Pages

    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("limit", [1, 3, 7, 100])
    async def test_pages_of_threads_neither_lose_nor_repeat_rows_with_equal_times(
        self, store: Store[Any], order: str, limit: int
    ) -> None:
        ids = [f"thr_{n}" for n in (5, 3, 9, 1, 0, 7, 2)]
        for n, thread_id in enumerate(ids):
            await _thread(store, thread_id, created_at=_T0 + timedelta(seconds=n // 4))
        seen = await _walk(lambda after: store.load_threads(limit, after, order, ANN), limit)
        assert seen == (ids if order == "asc" else ids[::-1])

    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("limit", [1, 3, 8, 100])
    async def test_pages_of_items_neither_lose_nor_repeat_rows_with_equal_times(
        self, store: Store[Any], order: str, limit: int
    ) -> None:
        await _thread(store, "thr_1")
        ids = [f"msg_{n}" for n in (5, 3, 9, 1, 0, 7, 2, 8)]
        for n, item_id in enumerate(ids):
            await store.add_thread_item(
                "thr_1", _message(item_id, at=_T0 + timedelta(microseconds=n // 3)), ANN
            )
        seen = await _walk(lambda after: store.load_thread_items("thr_1", after, limit, order, ANN), limit)
        assert seen == (ids if order == "asc" else ids[::-1])

    async def test_an_item_created_earlier_stands_earlier_also_when_saved_later(
        self, store: Store[Any]
    ) -> None:
        await _thread(store, "thr_1")
        await store.add_thread_item("thr_1", _message("late", at=_T0 + timedelta(seconds=2)), ANN)
        await store.add_thread_item("thr_1", _message("early", at=_T0), ANN)
        assert await _ids(store) == ["early", "late"]

    async def test_rows_added_while_paging_do_not_disturb_the_pages(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        for n in range(4):
            await store.add_thread_item("thr_1", _message(f"msg_{n}", at=_T0 + timedelta(seconds=n)), ANN)
        first = await store.load_thread_items("thr_1", None, 2, "desc", ANN)
        await store.add_thread_item("thr_1", _message("msg_new", at=_T0 + timedelta(seconds=9)), ANN)
        second = await store.load_thread_items("thr_1", first.after, 2, "desc", ANN)
        assert [i.id for i in [*first.data, *second.data]] == ["msg_3", "msg_2", "msg_1", "msg_0"]
        assert (second.has_more, second.after) == (False, None)

    async def test_an_unknown_cursor_is_an_error_and_not_an_empty_page(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        with pytest.raises(NotFoundError):
            await store.load_thread_items("thr_1", "msg_0", 10, "asc", ANN)
        with pytest.raises(NotFoundError):
            await store.load_threads(10, "thr_0", "asc", ANN)

    # Items

    async def test_an_item_comes_back_as_it_was_saved(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        for item in (_user_message("msg_u"), _message("msg_a", text='"quoted" \\ \u2028 é \x00')):
            await store.add_thread_item("thr_1", item, ANN)
            loaded = await store.load_item("thr_1", item.id, ANN)
            assert loaded.model_dump() == item.model_dump()
            assert type(loaded) is type(item)

    async def test_saving_an_item_again_replaces_it_in_place(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        for item_id in ("a", "b", "c"):
            await store.add_thread_item("thr_1", _message(item_id), ANN)
        await store.save_item("thr_1", _message("a", text="new"), ANN)
        await store.add_thread_item("thr_1", _message("b", text="again"), ANN)
        assert await _ids(store) == ["a", "b", "c"]
        assert _text(await store.load_item("thr_1", "a", ANN)) == "new"
        assert _text(await store.load_item("thr_1", "b", ANN)) == "again"

    async def test_saving_a_new_item_appends_it(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        await store.save_item("thr_1", _message("a"), ANN)
        assert await _ids(store) == ["a"]

    async def test_items_are_deleted_one_or_many_at_a_time(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        for n in range(6):
            await store.add_thread_item("thr_1", _message(f"msg_{n}"), ANN)
        await store.delete_thread_item("thr_1", "msg_1", ANN)
        await store.delete_thread_items("thr_1", ["msg_2", "msg_4", "msg_unknown"], ANN)
        await store.delete_thread_items("thr_1", [], ANN)
        assert await _ids(store) == ["msg_0", "msg_3", "msg_5"]
        with pytest.raises(NotFoundError):
            await store.load_item("thr_1", "msg_1", ANN)

    async def test_several_items_are_added_at_once_in_their_order(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        await store.add_thread_item("thr_1", _message("msg_9"), ANN)
        await store.add_thread_items("thr_1", [_message(f"msg_{n}") for n in (3, 1, 2)], ANN)
        await store.add_thread_items("thr_1", [], ANN)
        assert await _ids(store) == ["msg_9", "msg_3", "msg_1", "msg_2"]
        with pytest.raises(NotFoundError):
            await store.add_thread_items("thr_1", [_message("msg_b")], BOB)
        with pytest.raises(NotFoundError):
            await store.add_thread_items("thr_none", [_message("msg_b")], ANN)

    async def test_an_item_belongs_to_its_thread(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        await _thread(store, "thr_2")
        await store.add_thread_item("thr_1", _message("msg_1"), ANN)
        with pytest.raises(NotFoundError):
            await store.load_item("thr_2", "msg_1", ANN)
        await store.delete_thread_item("thr_2", "msg_1", ANN)
        assert await _ids(store) == ["msg_1"]

    async def test_many_writers_at_once_lose_nothing(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        names = [f"msg_{n}" for n in range(20)]
        await asyncio.gather(*(store.add_thread_item("thr_1", _message(name), ANN) for name in names))
        assert sorted(await _ids(store)) == sorted(names)

    # Rows that leave as they are stored

    async def test_stored_rows_say_the_same_as_loaded_items(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        items: list[ThreadItem] = [
            _user_message("msg_u"),
            _hidden("hid_1"),
            _message("msg_a"),
            _hidden("hid_2"),
        ]
        for item in items:
            await store.add_thread_item("thr_1", item, ANN)
        page = await store.load_item_rows("thr_1", None, 10, "asc", ANN, hidden=True)
        if page is None:
            pytest.skip("this store does not offer stored rows")
        assert [(row.id, row.type) for row in page.rows] == [(item.id, item.type) for item in items]
        for row, item in zip(page.rows, items, strict=True):
            assert type(item).model_validate_json(row.json).model_dump() == item.model_dump()

    @pytest.mark.behaviour("D31")
    async def test_hidden_rows_take_no_place_in_a_page(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        for n in range(3):
            await store.add_thread_item("thr_1", _hidden(f"hid_{n}"), ANN)
            await store.add_thread_item("thr_1", _message(f"msg_{n}"), ANN)
        first = await store.load_item_rows("thr_1", None, 2, "asc", ANN)
        if first is None:
            pytest.skip("this store does not offer stored rows")
        assert [row.id for row in first.rows] == ["msg_0", "msg_1"]
        assert first.has_more
        rest = await store.load_item_rows("thr_1", first.after, 2, "asc", ANN)
        assert rest is not None
        assert ([row.id for row in rest.rows], rest.has_more) == (["msg_2"], False)

    # Attachments

    @pytest.mark.behaviour("D34")
    async def test_an_attachment_is_kept_without_its_signed_address(self, store: Store[Any]) -> None:
        attachment = FileAttachment(
            id="atc_1",
            name="a.csv",
            mime_type="text/csv",
            metadata={"sha": "x"},
            upload_descriptor=AttachmentUploadDescriptor(url=AnyUrl("https://s/?sig=1"), method="PUT"),
        )
        await store.save_attachment(attachment, ANN)
        loaded = await store.load_attachment("atc_1", ANN)
        assert loaded.upload_descriptor is None
        assert (loaded.name, loaded.metadata, loaded.thread_id) == ("a.csv", {"sha": "x"}, None)
        await store.save_attachment(loaded.model_copy(update={"thread_id": "thr_1"}), ANN)
        assert (await store.load_attachment("atc_1", ANN)).thread_id == "thr_1"
        await store.delete_attachment("atc_1", ANN)
        with pytest.raises(NotFoundError):
            await store.load_attachment("atc_1", ANN)

    @pytest.mark.behaviour("D34")
    async def test_a_message_is_kept_without_signed_addresses(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        descriptor = AttachmentUploadDescriptor(url=AnyUrl("https://s/?sig=secret"), method="PUT")
        file = FileAttachment(id="atc_1", name="a", mime_type="text/csv", upload_descriptor=descriptor)
        message = _user_message("msg_1").model_copy(update={"attachments": [file]})
        await store.add_thread_item("thr_1", message, ANN)
        loaded = await store.load_item("thr_1", "msg_1", ANN)
        assert "secret" not in loaded.model_dump_json()
        assert file.upload_descriptor is descriptor

    # Owners

    async def test_another_owners_rows_are_not_found(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1")
        await store.add_thread_item("thr_1", _message("msg_1"), ANN)
        await store.save_attachment(FileAttachment(id="atc_1", name="a", mime_type="text/plain"), ANN)
        for forbidden in (
            store.load_thread("thr_1", BOB),
            store.delete_thread("thr_1", BOB),
            store.load_thread_items("thr_1", None, 10, "asc", BOB),
            store.load_item("thr_1", "msg_1", BOB),
            store.save_item("thr_1", _message("msg_2"), BOB),
            store.load_attachment("atc_1", BOB),
            store.delete_attachment("atc_1", BOB),
            store.load_threads(10, "thr_1", "asc", BOB),
        ):
            with pytest.raises(NotFoundError):
                await forbidden
        assert (await store.load_threads(10, None, "asc", BOB)).data == []
        assert await _ids(store) == ["msg_1"]

    async def test_another_owner_cannot_write_over_rows_by_guessing_ids(self, store: Store[Any]) -> None:
        await _thread(store, "thr_1", title="Ann's")
        await store.save_attachment(FileAttachment(id="atc_1", name="Ann's", mime_type="text/plain"), ANN)
        await store.save_thread(ThreadMetadata(id="thr_1", title="Bob's", created_at=_T0), BOB)
        await store.save_attachment(FileAttachment(id="atc_1", name="Bob's", mime_type="text/plain"), BOB)
        await store.delete_thread_items("thr_1", ["msg_1"], BOB)
        assert (await store.load_thread("thr_1", ANN)).title == "Ann's"
        assert (await store.load_attachment("atc_1", ANN)).name == "Ann's"

    # Finding threads

    async def test_threads_are_found_by_words_of_titles_and_items(self, store: Store[Any]) -> None:
        self._needs_search()
        await _thread(store, "thr_1", title="Cheese from Zürich")
        await _thread(store, "thr_2", title="Wine")
        await store.add_thread_item("thr_2", _message("msg_1", text="A cheese board, perhaps?"), ANN)
        await _thread(store, "thr_3", title="Bread")
        assert await _find(store, text="cheese") == ["thr_1", "thr_2"]
        assert await _find(store, text="CHEE boa") == ["thr_2"]
        assert await _find(store, text="zürich") == ["thr_1"]
        assert await _find(store, text="cheddar") == []
        assert await _find(store, text="  ") == ["thr_1", "thr_2", "thr_3"]

    @pytest.mark.parametrize(
        ("said", "typed", "not_said"),
        [
            ("我想买奶酪和面包", "奶酪", "酪奶"),
            ("日本語とカタカナ", "本語", "英語"),
            ("ไปตลาดซื้อชีส", "ตลาด", "ทะเล"),
            ("치즈를 사자", "치즈", "빵"),
            ("مَرْحَبًا بالعالم", "مرحبا", "وداعا"),
            ("हिन्दी में लिखो", "हिन्दी", "उर्दू"),
            ("Käse für Łódź, im Café", "kase cafe", "kasten"),
            ("Party 🎉 am Sonntag", "🎉", "🍕"),
            ("siehe example.com/kaese und 3.14", "kaese 14", "beispiel"),
            ("ﬁle ＡＢＣ", "file abc", "xyz"),
        ],
    )
    async def test_every_script_is_searched(
        self, store: Store[Any], said: str, typed: str, not_said: str
    ) -> None:
        self._needs_search()
        await _thread(store, "thr_1", title=said)
        await _thread(store, "thr_2", title="Wine")
        await store.add_thread_item("thr_2", _message("msg_1", text=f"He said: {said}!"), ANN)
        await _thread(store, "thr_3", title="Bread")
        assert await _find(store, text=typed) == ["thr_1", "thr_2"]
        assert await _find(store, text=not_said) == []

    async def test_a_message_of_many_words_is_kept_and_found(self, store: Store[Any]) -> None:
        self._needs_search()
        await _thread(store, "thr_1", title="Long")
        words = " ".join(f"word{number:x}ünd" for number in range(150_000))
        await store.add_thread_item("thr_1", _message("msg_1", text=words), ANN)
        assert await _find(store, text="word1fünd") == ["thr_1"]

    @pytest.mark.parametrize(
        "text", ["'", '"', "a OR b", "NEAR(", "*", "\\", "a & | !", "x' --", "-", "(:*)"]
    )
    async def test_signs_in_a_search_are_not_operators(self, store: Store[Any], text: str) -> None:
        self._needs_search()
        await _thread(store, "thr_1", title="Nothing of the kind 42")
        await _find(store, text=text + " 42")

    async def test_what_was_replaced_or_deleted_is_not_found_any_more(self, store: Store[Any]) -> None:
        self._needs_search()
        await _thread(store, "thr_1", title="Apples")
        await store.add_thread_item("thr_1", _message("msg_1", text="pears"), ANN)
        await store.save_item("thr_1", _message("msg_1", text="plums"), ANN)
        await _thread(store, "thr_1", title="Oranges")
        assert [await _find(store, text=t) for t in ("apples", "pears")] == [[], []]
        assert [await _find(store, text=t) for t in ("oranges", "plums")] == [["thr_1"], ["thr_1"]]
        await store.delete_thread_items("thr_1", ["msg_1"], ANN)
        assert await _find(store, text="plums") == []

    async def test_hidden_items_and_other_owners_are_not_searched(self, store: Store[Any]) -> None:
        self._needs_search()
        await _thread(store, "thr_1")
        await store.add_thread_item("thr_1", _hidden("hid_1", "secret"), ANN)
        assert await _find(store, text="secret") == []
        await store.add_thread_item("thr_1", _message("msg_1", text="public"), ANN)
        page = await store.find_threads(ThreadQuery(text="public"), 10, None, "asc", BOB)
        assert page.data == []

    async def test_threads_sort_by_their_last_activity(self, store: Store[Any]) -> None:
        self._needs_search()
        for n in range(3):
            await _thread(store, f"thr_{n}", created_at=_T0 + timedelta(days=n))
        await store.add_thread_item("thr_0", _message("msg_1"), ANN)
        query = ThreadQuery(sort="updated_at")
        seen = await _walk(lambda after: store.find_threads(query, 1, after, "desc", ANN), 1)
        assert seen[0] == "thr_0"
        assert sorted(seen) == ["thr_0", "thr_1", "thr_2"]
        first, last = await store.load_thread("thr_0", ANN), await store.load_thread("thr_1", ANN)
        assert first.updated_at is not None
        assert last.updated_at is not None
        assert first.updated_at >= last.updated_at

    async def test_threads_are_found_by_values_of_their_metadata(self, store: Store[Any]) -> None:
        self._needs_search()
        await _thread(store, "thr_1", metadata={"topic": "cheese", "n": 1, "hot": True})
        await _thread(store, "thr_2", metadata={"topic": "wine", "n": 2})
        assert await _find(store, metadata={"topic": "cheese"}) == ["thr_1"]
        assert await _find(store, metadata={"n": 2, "topic": "wine"}) == ["thr_2"]
        assert await _find(store, metadata={"hot": True}) == ["thr_1"]
        assert await _find(store, metadata={"topic": "x' OR 1=1"}) == []
        assert await _find(store, metadata={'a".b': 1}) == []

    def _needs_search(self) -> None:
        if not self.searches:
            pytest.skip("this store does not search")


async def _thread(store: Store[Any], thread_id: str, **fields: Any) -> ThreadMetadata:
    given: dict[str, Any] = {"id": thread_id, "created_at": _T0, **fields}
    thread = ThreadMetadata(**given)
    await store.save_thread(thread, ANN)
    return thread


def _message(item_id: str, *, text: str = "Hello", at: datetime = _T0) -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)]
    return AssistantMessageItem(id=item_id, thread_id="thr_1", created_at=at, content=content)


def _hidden(item_id: str, content: str = "context") -> HiddenContextItem:
    return HiddenContextItem(id=item_id, thread_id="thr_1", created_at=_T0, content=content)


def _user_message(item_id: str) -> UserMessageItem:
    return UserMessageItem(
        id=item_id,
        thread_id="thr_1",
        created_at=_T0,
        content=[UserMessageTextContent(text="Hi")],
        attachments=[
            FileAttachment(id="atc_9", name="a.csv", mime_type="text/csv", metadata={"n": [None, 1]})
        ],
        inference_options=InferenceOptions(model="m"),
    )


def _text(item: ThreadItem) -> str:
    assert isinstance(item, AssistantMessageItem)
    return item.content[0].text


async def _ids(store: Store[Any]) -> list[str]:
    return [item.id for item in (await store.load_thread_items("thr_1", None, 100, "asc", ANN)).data]


async def _find(store: Store[Any], **query: Any) -> list[str]:
    return [t.id for t in (await store.find_threads(ThreadQuery(**query), 100, None, "asc", ANN)).data]


async def _walk(load: Callable[[str | None], Awaitable[Page[Any]]], limit: int) -> list[str]:
    """The ids of all pages, each page checked for its shape."""
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await load(after)
        assert len(page.data) <= limit
        seen.extend(row.id for row in page.data)
        if not page.has_more:
            assert page.after is None
            return seen
        assert len(page.data) == limit
        assert page.after == page.data[-1].id
        after = page.after
