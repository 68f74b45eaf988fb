"""Reads worked_examples.yaml: each example as journal entries under names of its own, and what must come of them.

Knows the file's form and the contract's words; nothing of product or oracle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

__all__ = ["FILE", "Example", "read_examples"]

FILE = Path(__file__).with_name("worked_examples.yaml")
LANGUAGES = ("vi", "en")
#: When reference data were ordered, where an example does not say.
LONG_AGO = "2020-01-01 07:30"
#: What a receipt or submission says, where an example does not.
RECEIPT = {"channel": "direct", "unit": "xa", "procedure": "p"}
UNITS = {"unit", "receiving_unit", "parent", "successor", "owner"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "dossier.submitted": RECEIPT,
    "dossier.accepted": RECEIPT,
    "procedure.published": {"procedure": "p", "version": "1"},
    "route.revised": {"procedure": "p", "version": "1"},
    "rule.activated": {"rule": "deadlines"},
    "calendar.revised": {"version": "1"},
    "dossier.extended": {"reason": "workload"},
    "dossier.fee_paid": {"channel": "national"},
}


@dataclass(frozen=True)
class Example:
    """One example.

    `number` counts from 1; `texts` are given, when, then in each language; `entries` as they are sent, in order;
    `clock` what the clock shows when all is judged (RFC 3339), None where it does not matter; `facts` by dossier code;
    `figures` of all its units, with `from` and `to`.
    """

    id: str
    number: int
    texts: Mapping[str, Mapping[str, str]]
    entries: list[dict[str, Any]]
    clock: str | None
    facts: dict[str, dict[str, Any]]
    figures: dict[str, Any] | None

    @property
    def prefix(self) -> str:
        """The unit above all of this example's units."""
        return _prefix(self.number)


def read_examples(path: Path = FILE) -> list[Example]:
    """All examples of the file, in its order."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_example(number, one) for number, one in enumerate(told["examples"], 1)]


def _prefix(number: int) -> str:
    return f"VD{number:02}"


def _example(number: int, told: Mapping[str, Any]) -> Example:
    names = _Names(_prefix(number))
    given, when, then = told.get("given", {}), told["when"], told["then"]
    entries = [names.entry(line, place) for place, line in enumerate([*given.get("data", []), *when["entries"]])]
    facts = {
        names.case(letter): names.data(_plain(value))
        for letter, value in then.items()
        if letter not in (*LANGUAGES, "figures")
    }
    return Example(
        id=told["id"],
        number=number,
        texts={name: {key: told[name][key] for key in LANGUAGES} for name in ("given", "when", "then") if name in told},
        entries=[*names.units(entries), *entries],
        clock=_instant(when["clock"]) if "clock" in when else None,
        facts=facts,
        figures=_plain(then["figures"]) if "figures" in then else None,
    )


class _Names:
    """Makes the names of one example its own, so that all examples fit into one stack."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def dossier(self, letter: str) -> str:
        return f"{self._prefix}-{letter}"

    def case(self, said: str) -> str:
        """The key of what facts are said of: `A` is a dossier, `petition A` a petition."""
        kind, _, letter = said.rpartition(" ")
        return f"{kind}:{self.dossier(letter)}" if kind else self.dossier(letter)

    def entry(self, line: Mapping[str, Any], place: int) -> dict[str, Any]:
        """The entry of one line of an example: its type is the key that is none of the others."""
        (named,) = (key for key in line if key not in ("at", "dossier", "id", "revision", "sequence", "source"))
        type_ = named if "." in named else f"dossier.{named}"
        data = line[named]
        if data is not None:
            data = self.data({**DEFAULTS.get(type_, {}), **_plain(data)})
        reference = type_.split(".")[0] in ("calendar", "procedure", "route", "unit", "rule")
        entry = {
            "specversion": "1.0",
            "type": type_,
            "source": f"{line.get('source', 'onestop')}",
            "id": f"{self._prefix}/{line.get('id', place)}",
            "subject": self._prefix if reference else self.dossier(line.get("dossier", "A")),
            "time": _instant(line.get("at", LONG_AGO)),
            "data": data,
        }
        return {**entry, **{name: line[name] for name in ("revision", "sequence") if name in line}}

    def units(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Every unit that no entry registers, registered: a route of unknown units is refused."""
        named = sorted({unit for entry in entries for unit in _units_of(entry["data"])})
        told = {(entry["data"] or {}).get("unit") for entry in entries if entry["type"] == "unit.revised"}
        return [
            self.entry({"unit.revised": {"unit": unit.removeprefix(f"{self._prefix}.")}, "id": f"unit/{unit}"}, 0)
            for unit in named
            if unit not in told
        ]

    def data(self, value: Any) -> Any:
        """Data or facts under this example's names."""
        if isinstance(value, list):
            return [self.data(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {key: self._member(key, member) for key, member in value.items()}

    def _member(self, key: str, member: Any) -> Any:
        if key in UNITS or key == "procedure":
            return member and f"{self._prefix}.{member}"
        if key == "calendar" and member != "vn-public":
            return f"{self._prefix}.{member}"
        if key == "holders":
            return [f"{self._prefix}.{unit}" for unit in member]
        if key == "blame":
            return {None if unit == "unassigned" else f"{self._prefix}.{unit}": part for unit, part in member.items()}
        if key == "terms":
            return [_term(term) for term in member]
        return self.data(member)


def _units_of(data: Any) -> set[str]:
    """All units named in an entry's data."""
    if isinstance(data, list):
        return {unit for one in data for unit in _units_of(one)}
    if not isinstance(data, dict):
        return set()
    own = {member for key, member in data.items() if key in UNITS and isinstance(member, str)}
    return own | _units_of(list(data.values()))


def _term(text: str) -> dict[str, str]:
    """A term such as `3 working_days`, `online 2 working_days`, `committed 5 calendar_days`."""
    *words, amount, unit = text.split()
    term = {"amount": amount, "unit": unit}
    for word in words:
        term["channel" if word in ("online", "postal", "direct") else "kind"] = word
    return term


def _plain(value: Any) -> Any:
    """Dates as texts, local times as RFC 3339."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _is_local_time(value):
        return _instant(value)
    return value


def _is_local_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _instant(text: str) -> str:
    """A local time of the offices as RFC 3339."""
    return f"{datetime.strptime(text, '%Y-%m-%d %H:%M').isoformat()}+07:00"  # noqa: DTZ007
