from hello_app import HelloServer

from chatkit.backends.memory import MemoryStore
from chatkit.testing import ChatKitClient, assert_widget


async def test_it_greets_by_name() -> None:
    client = ChatKitClient(HelloServer(MemoryStore()), context="Ann")
    turn = await client.send("Hello")
    assert turn.text == "Hello, Ann!"
    assert_widget(turn.widgets[0], "Button", label="Wave back")
