"""Optional packages: one place that says how to install what is missing."""

from importlib.util import find_spec

__all__ = ["missing", "require"]


def missing(*modules: str) -> list[str]:
    """Those of ``modules`` that are not installed; nothing is imported."""
    return [module for module in modules if find_spec(module) is None]


def require(extra: str, *modules: str, purpose: str) -> None:
    """Say clearly what to install.

    :raises ImportError: one of ``modules`` is missing; the message carries the install line.
    """
    gone = missing(*modules)
    if gone:
        raise ImportError(
            f"{purpose} needs {', '.join(gone)}. Run: pip install 'chatkit-selfhost[{extra}]'", name=gone[0]
        )
