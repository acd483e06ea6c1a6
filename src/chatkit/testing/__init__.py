"""What tests of a ChatKit app need: a scripted model over HTTP, an in-process client, contracts for stores and logs."""

from chatkit.testing._script import Call, Cite, Draw, Drop, Fail, ModelRequest, Refuse, Reply, Say, Search, Think, Wait
from chatkit.testing._scripted_model import ScriptedModel

__all__ = [
    "Call",
    "Cite",
    "Draw",
    "Drop",
    "Fail",
    "ModelRequest",
    "Refuse",
    "Reply",
    "Say",
    "ScriptedModel",
    "Search",
    "Think",
    "Wait",
]
