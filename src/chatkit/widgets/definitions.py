"""Every component and property as data: what the compiler checks, the Studio offers and the docs list.

::

    from chatkit.widgets.definitions import COMPONENTS

    COMPONENTS["Button"].props["size"].enum   # ("3xs", "2xs", …)
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chatkit.widgets._component_table import content, controls, layout
from chatkit.widgets._definitions import ChildRule, Component, Kind, Prop

__all__ = ["CHART_COLORS", "COMPONENTS", "ROOTS", "ChildRule", "Component", "Kind", "Prop"]

COMPONENTS: Final = MappingProxyType(
    {component.name: component for component in (*layout(), *content(), *controls())}
)
"""Every component by its name, in the order of the docs: roots and layout, content, controls."""

ROOTS: Final = tuple(name for name, component in COMPONENTS.items() if component.root)
"""The components a widget may start with."""

CHART_COLORS: Final = ("blue", "purple", "orange", "green", "red", "yellow", "pink")
"""The colours series get in turn when they name none."""
