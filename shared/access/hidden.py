"""Refusals of what a key does not see: they name the units it reads, never whether something is there."""

from __future__ import annotations

from shared.access.bearer import Bearer
from shared.problems.problem import Problem

__all__ = ["dossier_hidden", "petition_hidden", "unit_not_readable", "units_read"]


def units_read(bearer: Bearer) -> list[str]:
    """The patterns of the units that a bearer reads, for telling it; of who reads everything they say nothing."""
    return sorted(bearer.units) if bearer.may("read") else []


def unit_not_readable(unit: str, bearer: Bearer) -> Problem:
    """403: the cases of a unit are asked for that the key does not read."""
    units = units_read(bearer)
    return Problem(403, "unit_not_readable", field="unit", value=unit, units=_words(units), extra={"units": units})


def dossier_hidden(code: str, bearer: Bearer, field: str | None = None) -> Problem:
    """404: a dossier that is not there, or that the key does not see; the answer is the same."""
    units = units_read(bearer)
    return Problem(
        404, "dossier_unknown_or_hidden", field=field, value=code, units=_words(units), extra={"units": units}
    )


def petition_hidden(code: str, bearer: Bearer) -> Problem:
    """404: a petition that is not there, or that the key does not see; the answer is the same."""
    units = units_read(bearer)
    return Problem(404, "petition_unknown_or_hidden", value=code, units=_words(units), extra={"units": units})


def _words(units: list[str]) -> str:
    return ", ".join(units) or "—"
