"""The order of texts that people expect, `localeCompare`: letters before their accents, accents before their case.

As ICU orders Latin letters, digits and punctuation; letters of other scripts follow by their code.
"""

from __future__ import annotations

ORDER = "\t\n _-–—,;:!¡?¿.…·'\"“«»()[]{}§@*/\\&#%•`^°©®+÷×<=>|~$£¥€0123456789abcdefghijklmnopqrstuvwxyz"
_ALIKE = {"\u00a0": " ", "‘": "'", "’": "'", "”": "“"}
_ACCENTED = {
    "a": "áàăâåäãąā",
    "ae": "æ",
    "c": "ćĉčċç",
    "d": "ďđð",
    "e": "éèĕêěëėęē",
    "g": "ğĝġģ",
    "h": "ĥħ",
    "i": "íìĭîïĩįī",
    "ij": "ĳ",
    "j": "ĵ",
    "k": "ķ",
    "l": "ĺľļłŀ",
    "n": "ńňñņ",
    "o": "óòŏôöőõøō",
    "oe": "œ",
    "r": "ŕřŗ",
    "s": "śŝšşſ",
    "ss": "ß",
    "t": "ťţ",
    "u": "úùŭûůüűũųū",
    "w": "ŵ",
    "y": "ýŷÿ",
    "z": "źžż",
}
LETTERS: dict[str, tuple[str, int]] = {
    **{char: (base, rank) for base, chars in _ACCENTED.items() for rank, char in enumerate(chars, 2)},
    **{char: (base, 1) for char, base in _ALIKE.items()},
}
"""Characters that stand at the place of another, with their rank among those that do."""


def collation_key(text: str, *, base: bool = False) -> str:
    """A text that compares as `text` does by `localeCompare`; with `base` accents and case make no difference."""
    letters: list[str] = []
    ranks: list[str] = []
    for char in text.lower():
        plain, rank = LETTERS.get(char, (char, 1))
        letters += [chr(32 + ORDER.index(one)) if one in ORDER else one for one in plain]
        ranks.append(chr(32 + rank))
    if base:
        return "".join(letters)
    cases = "".join("2" if char != char.lower() else "1" for char in text)
    return f"{''.join(letters)}\x01{''.join(ranks)}\x01{cases}"
