"""Compares what an example says with rows, announcements and figures, whoever computed them.

Knows the forms of tests/oracle/rows.py and of the indices; knows neither product nor how anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.cases.announcements import Announced

__all__ = ["announcements_said", "differences", "figure_differences"]

MINUTE, MICRO = timedelta(minutes=1), timedelta(microseconds=1)
NEUTRAL = ("announced",)


def differences(code: str, said: Mapping[str, Any], form: Mapping[str, Any]) -> list[str]:
    """Where the facts of a dossier (in the oracle's form) are not as an example says; what it does not say is free."""
    found = []
    for name, value in said.items():
        if name in NEUTRAL:
            continue
        known = _known(name, value, form)
        expected = _expected(name, value)
        if known != expected:
            found.append(f"{code}: {name} is {known}, the example says {expected}")
    return found


def _known(name: str, value: Any, form: Mapping[str, Any]) -> Any:
    """A fact in the form in which an example says it."""
    known = form[name]
    if name == "findings":
        return sorted(finding[0] for finding in known)
    if name == "blame":
        return {unit: delay * MICRO / MINUTE for unit, delay in known}
    if name == "rejections":
        return [dict(zip(("step", "unit", "owner"), act[3:], strict=True)) for act in known]
    # All occurrences have to be told, but not all about them.
    if name == "steps" and [_occurrence(one) for one in known] == [_occurrence(one) for one in value]:
        return [{key: _short(step[key]) for key in one} for one, step in zip(value, known, strict=True)]
    return known


def _expected(name: str, value: Any) -> Any:
    if name in {"findings", "holders"}:
        return sorted(value)
    if name == "steps":
        return [{key: _instant(member) for key, member in one.items()} for one in value]
    return _instant(value)


def _occurrence(step: Mapping[str, Any]) -> tuple[str, int]:
    return step["step"], step.get("occurrence", 1)


def _short(value: Any) -> Any:
    """Durations in minutes."""
    return value / MINUTE if isinstance(value, timedelta) else value


def _instant(value: Any) -> Any:
    """A datetime for a text that is one."""
    if isinstance(value, str) and len(value) > len("2026-01-31") and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return value


def announcements_said(said: Iterable[Mapping[str, Any]]) -> set[Announced]:
    """What an example says is announced."""
    found = set()
    for one in said:
        rung = timedelta(hours=one.get("rung", 24)) if one["kind"] == "warning" else None
        due, at = _instant(one["due"]), _instant(one["at"])
        more = one.get("step"), one.get("occurrence"), one.get("unit")
        found.add(Announced(one.get("of", "dossier"), one["kind"], due, at, rung, *more))
    return found


def figure_differences(said: Mapping[str, Any], index: Mapping[str, Any]) -> list[str]:
    """Where an index is not as an example says; `2.1` and `3.3` are ratios in percent."""
    known = {**index, **{code: one["ratio"] for code, one in index["components"].items()}}
    return [
        f"{name} is {known[name]}, the example says {value}" for name, value in said.items() if known[name] != value
    ]
