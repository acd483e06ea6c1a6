"""What changed between two states of a widget, as the least the client needs to know."""

from __future__ import annotations
