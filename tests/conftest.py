"""Settings for all tests."""

from __future__ import annotations

from hypothesis import settings

# For `make check`; `make test` tries each property with the usual hundred examples.
settings.register_profile("quick", max_examples=15)
