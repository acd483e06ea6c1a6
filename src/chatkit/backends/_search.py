"""From what a person types into a search field to what a database understands."""

import re

__all__ = ["every_word", "fts5_query", "tsquery", "words"]

_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 16


def words(text: str) -> list[str]:
    """The words of a search, at most 16: each must occur, and each may be the beginning of a longer word."""
    return _WORD.findall(text)[:_MOST_WORDS]


def fts5_query(text: str) -> str:
    """For SQLite's FTS5: quoted, so that no word is read as an operator."""
    return " ".join(f'"{word}"*' for word in words(text))


def tsquery(text: str) -> str:
    """For PostgreSQL's ``to_tsquery``."""
    return " & ".join(f"'{word}':*" for word in words(text))


def every_word(text: str) -> list[str]:
    """All words of a text that is searched."""
    return _WORD.findall(text)
