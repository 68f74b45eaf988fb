"""Figures from outside: shares and values of few units and periods, so that several say the same."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["entered"]

_SAID = st.one_of(
    st.fixed_dictionaries({"value": st.sampled_from(["0", "92.5", "-1.000001"])}),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
        lambda counts: {"numerator": min(counts), "denominator": max(counts)}
    ),
)


@st.composite
def entered(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Type and data of an entry that enters a figure."""
    first, last = draw(st.sampled_from([("2026-01-01", "2026-01-31"), ("2026-01-01", "2026-12-31")]))
    data = {
        "indicator": draw(st.sampled_from(["1.4.reported", "5.1"])),
        "unit": draw(st.sampled_from(["H38", "H38.1"])),
        "first_day": first,
        "last_day": last,
    } | draw(_SAID)
    if draw(st.booleans()):
        data["document"] = "12/BC-UBND"
    return "indicator.entered", data
