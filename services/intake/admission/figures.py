"""Whether an entered figure says one thing: a value, or a share that is one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.problems.problem import Problem

__all__ = ["check_figure"]


def check_figure(data: Mapping[str, Any]) -> None:
    """Look at the data of an entered figure that fits the contract.

    Raises:
        Problem: 422, it says nothing, two things, half a share, or a share of more than there is.
    """
    value, numerator, denominator = (data.get(name) for name in ("value", "numerator", "denominator"))
    if numerator is None and denominator is None:
        if value is None:
            raise Problem(422, "figure_missing", field="data.value")
        return
    if value is not None:
        raise Problem(422, "two_figures", field="data.value", value=value)
    if numerator is None or denominator is None:
        missing = "numerator" if numerator is None else "denominator"
        raise Problem(422, "half_a_share", field=f"data.{missing}")
    if numerator > denominator:
        raise Problem(422, "share_above_one", field="data.numerator", value=numerator, limit=denominator)
