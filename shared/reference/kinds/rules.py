"""The rule version `deadlines`: named, dated parameters of how deadlines run, and their built-in defaults.

Pure. Knows the parameters' names, forms and defaults (docs/rules.md, "Rule versions"); applies none of them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from shared.contract.reference import Counting, Rule
from shared.instants import DAY, HOUR, MINUTE
from shared.reference.faults import Fault, fault

__all__ = ["DEADLINES", "DeadlineRules", "RuleVersion", "check_rule", "deadline_rules"]

#: The one rule there is.
DEADLINES: Final = "deadlines"
_CHANNELS: Final = ("online", "postal", "direct")
_COUNTINGS: Final[tuple[Counting, ...]] = ("next-day", "same-time", "hours")
_MOST_RUNGS: Final = 10
_MOST_HOURS: Final = 24 * 366
_MOST_MINUTES: Final = 366 * DAY // MINUTE


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """How deadlines run. Amounts in microseconds unless said otherwise.

    Attributes:
        version: name of the rule version; `built-in` without one.
        rungs: wall-clock time before due at which to warn, descending.
        step_rungs: the same for steps.
        intake_rungs: the same for the intake clock.
        extension_days: working days before the due date by which an extension must be made.
        fee_pauses: whether a fee request stops the clock.
        intake_minutes: working minutes to answer a submission; 0: no intake clock.
        intake_channels: channels the intake clock is for.
        cutoff: local time of day after which a receipt is late in the day; None: there is none.
        cutoff_shifts_start: whether a term in days counts, after the cut-off, from the next working day.
        counting: how working days count where the procedure does not say.
        apology_form: number of the apology form.
        apology_before: how long before due the draft of an apology is made.
        petition_refuse_days: working days within which a petition is to be refused.
        petition_ask_days: working days within which asking for more stops a petition's clock.
        petition_answer_days: working days within which a petition is to be answered.
        petition_publish_days: working days within which the answer is to be published.
    """

    version: str = "built-in"
    rungs: tuple[int, ...] = (24 * HOUR,)
    step_rungs: tuple[int, ...] = ()
    intake_rungs: tuple[int, ...] = ()
    extension_days: int = 1
    fee_pauses: bool = False
    intake_minutes: int = 480
    intake_channels: frozenset[str] = frozenset({"online"})
    cutoff: int | None = 15 * HOUR
    cutoff_shifts_start: bool = False
    counting: Counting = "next-day"
    apology_form: str = "04"
    apology_before: int = 24 * HOUR
    petition_refuse_days: int = 2
    petition_ask_days: int = 5
    petition_answer_days: int = 15
    petition_publish_days: int = 2


class RuleVersion:
    """A dated rule version; it tells the rules it gives over the built-in defaults."""

    __slots__ = ("_defaults", "_rules", "data", "valid_from", "valid_to")

    def __init__(self, data: Rule) -> None:
        self.data = data
        self.valid_from = data.valid_from
        self.valid_to: date | None = None
        self._defaults: DeadlineRules | None = None
        self._rules = DeadlineRules()

    def over(self, defaults: DeadlineRules) -> DeadlineRules:
        """The rules; a parameter left out, or one that cannot be read, has its default."""
        # A partition asks with one and the same object for every dossier.
        if self._defaults is not defaults:
            self._rules, self._defaults = deadline_rules(self.data, defaults), defaults
        return self._rules


def _rungs(value: str | int | bool) -> tuple[int, ...]:
    parts = [] if value in ("", "none") else [part.strip() for part in str(value).split(",")]
    found = {_hours(part) for part in parts}
    if len(found) > _MOST_RUNGS or 0 in found:
        raise ValueError
    return tuple(sorted(found, reverse=True))


def _hours(value: str | int | bool) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", str(value)):
        raise ValueError
    hours = Decimal(str(value))
    if hours > _MOST_HOURS:
        raise ValueError
    return int(hours * HOUR)


def _flag(value: str | int | bool) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[str(value).strip().lower()]


def _whole(most: int) -> Callable[[str | int | bool], int]:
    def read(value: str | int | bool) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", str(value)) or int(value) > most:
            raise ValueError
        return int(value)

    return read


def _channels(value: str | int | bool) -> frozenset[str]:
    names = frozenset(part.strip() for part in str(value).split(",")) if value not in ("", "none") else frozenset()
    if not names <= frozenset(_CHANNELS):
        raise ValueError
    return names


def _time_of_day(value: str | int | bool) -> int | None:
    if value == "none":
        return None
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", str(value))
    if found is None:
        raise ValueError
    return int(found[1]) * HOUR + int(found[2]) * MINUTE


def _counting(value: str | int | bool) -> Counting:
    return _COUNTINGS[_COUNTINGS.index(value)]


def _form(value: str | int | bool) -> str:
    if isinstance(value, bool) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", str(value)):
        raise ValueError
    return str(value)


@dataclass(frozen=True, slots=True)
class _Parameter:
    member: str
    read: Callable[[Any], Any]
    expected: str


_PETITION_DAYS: Final = tuple(f"petition_{what}_days" for what in ("refuse", "ask", "answer", "publish"))
#: What is expected is shown in both languages, so it is told by examples.
_PARAMETERS: Final[Mapping[str, _Parameter]] = {
    "warning_hours": _Parameter("rungs", _rungs, '"72,24,4", 24, "none"'),
    "step_warning_hours": _Parameter("step_rungs", _rungs, '"8,2", 4, "none"'),
    "intake_warning_hours": _Parameter("intake_rungs", _rungs, '"4,1", 2, "none"'),
    "extension_days": _Parameter("extension_days", _whole(366), "0–366"),
    "fee_pauses": _Parameter("fee_pauses", _flag, "true, false"),
    "intake_minutes": _Parameter("intake_minutes", _whole(_MOST_MINUTES), f"0–{_MOST_MINUTES}"),
    "intake_channels": _Parameter("intake_channels", _channels, '"online", "online,postal", "none"'),
    "cutoff": _Parameter("cutoff", _time_of_day, '"15:00", "none"'),
    "cutoff_shifts_start": _Parameter("cutoff_shifts_start", _flag, "true, false"),
    "counting": _Parameter("counting", _counting, ", ".join(_COUNTINGS)),
    "apology_form": _Parameter("apology_form", _form, '"04"'),
    "apology_hours": _Parameter("apology_before", _hours, f"0–{_MOST_HOURS}"),
    **{name: _Parameter(name, _whole(366), "0–366") for name in _PETITION_DAYS},
}


def deadline_rules(data: Rule, defaults: DeadlineRules) -> DeadlineRules:
    """The rules a version gives; a parameter left out, or one that cannot be read, has its default."""
    members: dict[str, Any] = {}
    for name, value in data.parameters.items():
        parameter = _PARAMETERS.get(name)
        if parameter is None:
            continue
        try:
            members[parameter.member] = parameter.read(value)
        except (ValueError, KeyError, InvalidOperation):
            continue
    return dataclasses.replace(defaults, version=data.version, **members)


def check_rule(data: Rule) -> list[Fault]:
    """What cannot be read in a rule version: its name, unknown parameters, values out of form."""
    if data.rule != DEADLINES:
        return [fault("unknown_rule", "data.rule", data.rule, expected=DEADLINES)]
    faults = []
    for name, value in data.parameters.items():
        parameter = _PARAMETERS.get(name)
        if parameter is None:
            names = ", ".join(_PARAMETERS)
            faults.append(fault("unknown_parameter", f"data.parameters.{name[:100]}", name, expected=names))
            continue
        try:
            parameter.read(value)
        except (ValueError, KeyError, InvalidOperation):
            path = f"data.parameters.{name}"
            faults.append(fault("wrong_parameter", path, value, expected=parameter.expected))
    return faults
