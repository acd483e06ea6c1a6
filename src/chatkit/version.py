"""The version of this package and of the protocol it speaks."""

from __future__ import annotations

__all__ = ["__version__", "compatible_with"]

__version__ = "0.1.0"

compatible_with = "openai-chatkit 1.6.5"
"""The package whose public names this one keeps."""
