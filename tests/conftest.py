"""Settings for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test depends on how busy the machine is: neither an example nor the drawing of one has a time limit.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
# For `make check`; `make test` tries each property with the usual hundred examples.
settings.register_profile("quick", max_examples=15)
