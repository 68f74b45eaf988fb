"""A standstill of the process is told, whoever looks first after it."""

from __future__ import annotations

from services.processing.stream.pace.pulse import Pulse


def test_only_a_long_gap_is_a_standstill() -> None:
    pulse = Pulse(longest=5)
    assert pulse.standstills() == 0
    pulse._last -= 4
    assert pulse.standstills() == 0
    pulse._last -= 6
    assert pulse.standstills() == 1
    assert pulse.standstills() == 1
