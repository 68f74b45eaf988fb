"""How many examples hypothesis tries: a fixed set in the suite, many random ones when MOTCUA_SOAK is set."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

__all__ = ["examples"]


def examples(count: int) -> settings:
    """Settings for `count` examples, the same in every run; twenty times as many, and other ones, in a soak."""
    soak = bool(os.environ.get("MOTCUA_SOAK"))
    return settings(
        max_examples=count * 20 if soak else count,
        derandomize=not soak,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
