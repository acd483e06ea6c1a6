import asyncio

from model import Helped

from chatkit.backends.memory import MemoryStore
from chatkit.testing import Call, ChatKitClient, ScriptedModel, assert_widget


def test_the_model_shows_a_list() -> None:
    async def talk() -> None:
        script = [Call("show_list", {"tasks": ["Bread", "Cheese"]})], "There you are."
        async with ScriptedModel(*script) as model:
            client = ChatKitClient(Helped(MemoryStore(), model.base_url), "ann")
            turn = await client.send("What do we need for the picnic?")
            assert turn.text == "There you are."
            assert_widget(turn.widgets[0], "Title", value="0 of 2 done")

    asyncio.run(talk())
