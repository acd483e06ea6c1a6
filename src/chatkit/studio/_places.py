"""Places in a text: characters here, UTF-16 units in the page."""

from bisect import bisect_left

__all__ = ["Places"]


class Places:
    """Turns the places of one text from characters into UTF-16 units and back.

    Both clamp to the text, so that a place a page made up reads as its nearest end.
    """

    def __init__(self, text: str) -> None:
        self._wide = [at for at, char in enumerate(text) if char > "\uffff"]
        self._length = len(text)

    def units(self, at: int) -> int:
        """UTF-16 units before the character at ``at``."""
        at = min(max(at, 0), self._length)
        return at + bisect_left(self._wide, at)

    def characters(self, units: int) -> int:
        """Characters before the UTF-16 unit at ``units``; inside a pair, its start."""
        low, high = 0, self._length
        while low < high:
            middle = (low + high + 1) // 2
            if self.units(middle) <= units:
                low = middle
            else:
                high = middle - 1
        return low
