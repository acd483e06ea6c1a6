"""What is searched and what a person types into a search field, brought to one form that every database reads alike.

Case, accents and vowel signs do not count. Scripts that put no spaces between words are searched sign by sign, and so
are emoji. A database sees letters and digits with spaces between, so that its own ideas of words, addresses and
operators make no difference.
"""

import re
import unicodedata
from typing import Final

__all__ = ["fts5_query", "says", "search_text", "tsquery", "words"]

_MOST_WORDS = 16
_MOST_TEXT = 200_000
"""Characters that are searched: PostgreSQL refuses rows whose words would take more than a megabyte."""
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
# Thai to Myanmar, Khmer, kana and Han with their extensions: written without spaces between words.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"
    "\u3041-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WORD: Final = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}]+")
_ASCII_WORD: Final = re.compile(r"\w+", re.ASCII)
_SIGN: Final = re.compile(rf"([{_UNSPACED}])(?=[{_UNSPACED}])")


def search_text(text: str) -> str:
    """A text as the search column keeps it: words, a space between two."""
    return " ".join(_every_word(text))[:_MOST_TEXT]


def words(text: str) -> list[str]:
    """The words of a search, at most 16: each must occur, and each may be the beginning of a longer one.

    One of signs without spaces has a space between two of them: these must stand side by side.
    """
    return _every_word(text)[:_MOST_WORDS]


def says(searched: str, wanted: list[str]) -> bool:
    """Whether all words occur in what :func:`search_text` gave."""
    return all(f" {word}" in f" {searched}" for word in wanted)


def fts5_query(text: str) -> str:
    """For SQLite's FTS5: quoted, so that no word is read as an operator."""
    return " ".join(f'"{word}"*' for word in words(text))


def tsquery(text: str) -> str:
    """For PostgreSQL's ``to_tsquery``."""
    return " & ".join(
        "(" + " <-> ".join(f"'{sign}'" for sign in word.split()) + ":*)" for word in words(text)
    )


def _every_word(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = _FOREIGN.sub(_plain, text.casefold())
    return [word if word.isascii() else _SIGN.sub(r"\1 ", word) for word in _WORD.findall(folded)]


def _plain(found: re.Match[str]) -> str:
    """Letters without their marks, in one of the forms that look alike; an emoji as a word of its own."""
    parts: list[str] = []
    for sign in unicodedata.normalize("NFKD", found[0]):
        kind = unicodedata.category(sign)
        if kind == "So":
            parts.append(f" u{ord(sign):x} ")
        elif kind not in _MARKS:
            parts.append(sign)
    return unicodedata.normalize("NFC", "".join(parts)).casefold()
