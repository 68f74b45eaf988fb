"""Turns the problem document of a refusal into lines for a terminal: every fault, not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["refusal_lines"]


def refusal_lines(problem: Mapping[str, Any]) -> list[str]:
    """One line for each fault: field, value, what is wrong, what to do, as far as it says; then how many more.

    Args:
        problem: a problem document (RFC 9457), with `errors` where several fields are at fault.
    """
    lines = []
    for fault in problem.get("errors") or (problem,):
        place = " = ".join(str(fault[part]) for part in ("field", "value") if fault.get(part) is not None)
        words = " ".join(str(fault[part]) for part in ("detail", "remedy") if fault.get(part))
        lines.append(f"{place}: {words}" if place else words)
    if problem.get("more"):
        lines.append(f"+ {problem['more']}")
    return lines
