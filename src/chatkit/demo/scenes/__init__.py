"""What the night porter can do, a scene a file, and the table that finds them.

To add one: write ``async def play(desk)`` in a file of its own and give it a line in :data:`SCENES`.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from chatkit.demo._desk import Desk
from chatkit.demo.scenes import (
    booking,
    checkout,
    lamp,
    letter,
    lift,
    numbers,
    questions,
    rooms,
    round,
    tour,
    watch,
)
from chatkit.types import ThreadStreamEvent

__all__ = ["SCENES", "Scene", "find_scene"]


@dataclass(frozen=True)
class Scene:
    """One thing to ask for: how it is offered, the words that mean it, and what then happens."""

    label: str
    prompt: str
    icon: str
    words: tuple[str, ...]
    play: Callable[[Desk], AsyncIterator[ThreadStreamEvent]]


SCENES = (
    Scene(
        "Tell me about the house",
        "Tell me about the house, at length.",
        "book-open",
        ("house", "about", "markdown", "story", "long", "tour"),
        tour.play,
    ),
    Scene(
        "Show me the rooms",
        "Which rooms are free tonight?",
        "keys",
        ("room", "rooms", "list", "free", "stay"),
        rooms.play,
    ),
    Scene(
        "Book a stay",
        "I would like to book a stay.",
        "calendar",
        ("book", "booking", "form", "reserve"),
        booking.play,
    ),
    Scene(
        "Write a letter for me",
        "Draft an e-mail to the manager about the foghorn.",
        "write",
        ("email", "e-mail", "mail", "letter", "draft", "foghorn", "manager"),
        letter.play,
    ),
    Scene(
        "Ask for late checkout",
        "May I check out late?",
        "check-circle",
        ("checkout", "check-out", "late", "confirm", "approve"),
        checkout.play,
    ),
    Scene(
        "Dim the lights",
        "It is rather bright in here. Can you dim the lights?",
        "lightbulb",
        ("light", "lights", "dim", "dark", "bright", "lamp"),
        lamp.play,
    ),
    Scene(
        "How is the season going?",
        "How is the season going? Show me numbers.",
        "chart",
        ("season", "numbers", "chart", "table", "figures", "statistics"),
        numbers.play,
    ),
    Scene(
        "Prepare my room",
        "Please prepare my room.",
        "suitcase",
        ("prepare", "work", "workflow", "steps", "ready"),
        round.play,
    ),
    Scene(
        "What time is it where I am?",
        "What time is it where I am?",
        "globe",
        ("time", "clock", "where", "timezone"),
        watch.play,
    ),
    Scene(
        "Plan my breakfast",
        "Plan my breakfast, and ask me what you need to know.",
        "circle-question",
        ("breakfast", "question", "ask", "plan"),
        questions.play,
    ),
    Scene(
        "Call the lift",
        "Call the lift, please.",
        "bolt",
        ("lift", "elevator", "error", "fail", "broken"),
        lift.play,
    ),
)


def find_scene(text: str) -> Scene | None:
    """The scene a message asks for: its own prompt, else the one with most of its words in it."""
    said = "".join(c if c.isalnum() or c == "-" else " " for c in text.lower()).split()
    for scene in SCENES:
        if text.strip() == scene.prompt:
            return scene
    best = max(SCENES, key=lambda scene: sum(word in scene.words for word in said))
    return best if any(word in best.words for word in said) else None
