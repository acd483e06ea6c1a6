"""Models that are built when they are first used."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class LateModel(BaseModel):
    """Its validator is built at its first use: of a hundred requests and events a process needs a few, and it starts sooner."""

    model_config = ConfigDict(defer_build=True)
