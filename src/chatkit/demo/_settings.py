"""What the environment says about the demo."""

import os

__all__ = ["model_name"]


def model_name() -> str | None:
    """The model that answers, or None when nobody configured one and the scripted porter does.

    A model is used when ``OPENAI_API_KEY`` or ``OPENAI_BASE_URL`` is set; ``CHATKIT_DEMO_MODEL`` names it.
    """
    if os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"):
        return os.environ.get("CHATKIT_DEMO_MODEL", "gpt-5.1-mini")
    return None
