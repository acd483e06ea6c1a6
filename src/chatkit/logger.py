"""The package's logger: ``logging.getLogger("chatkit")``. Nothing is configured; the app decides where it goes."""

from __future__ import annotations

import logging

__all__ = ["logger"]

logger = logging.getLogger("chatkit")
