"""A reference entry in one line for people, in Vietnamese or English. Pure; compares it with nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from shared.calendar.terms import Term, TermError
from shared.contract.envelope import Data
from shared.contract.reference import (
    Calendar,
    CalendarDay,
    Procedure,
    ProcedurePublic,
    ProcedureTerm,
    Route,
    Rule,
    UnitData,
)
from shared.messages import Language
from shared.reference.entry import ReferenceEntry
from shared.reference.kinds.routes import critical_path, is_sound, route_steps

__all__ = ["describe", "describe_data"]

#: Days, terms and steps that are told one by one.
_SHOWN = 4

_CHANNELS = {"online": "trực tuyến", "postal": "bưu chính", "direct": "trực tiếp"}
_KINDS = {
    "statutory": ("theo luật", "by law"),
    "committed": ("cam kết", "committed"),
    "maximum": ("tối đa", "at most"),
}


def describe(entry: ReferenceEntry, language: Language) -> str:
    """What an entry says, such as `lịch vn-public: thêm 1 ngày nghỉ 2026-11-24`."""
    if entry.model is None:
        return f"{_Speaker(language)('rút lại', 'withdraws')} {entry.type} {entry.id} ({entry.source})"
    return describe_data(entry.model, language)


def describe_data(data: Data, language: Language) -> str:
    """What the data of a reference entry say."""
    say = _Speaker(language)
    match data:
        case Calendar():
            head, parts = say(f"lịch {data.calendar}", f"calendar {data.calendar}"), say.calendar(data)
        case Procedure():
            name = say(f"thủ tục {data.procedure}", f"procedure {data.procedure}")
            head, parts = _named(name, data.name), say.procedure(data)
        case ProcedurePublic():
            head = say(f"thủ tục {data.procedure}", f"procedure {data.procedure}")
            parts = iter((say("được công khai", "made public"),))
        case Route():
            head, parts = say(f"quy trình {data.procedure}", f"route of {data.procedure}"), say.route(data)
        case UnitData():
            head, parts = _named(say(f"đơn vị {data.unit}", f"unit {data.unit}"), data.name), say.unit(data)
        case Rule():
            head, parts = say(f"quy tắc {data.rule}", f"rule {data.rule}"), say.rule(data)
        case _:
            raise TypeError(f"{type(data).__name__} is no data of a reference entry")
    told = "; ".join(part for part in parts if part)
    return f"{head}: {told}" if told else head


class _Speaker:
    """Parts of sentences in one language."""

    def __init__(self, language: Language) -> None:
        self._vietnamese = language == "vi"

    def __call__(self, vi: str, en: str) -> str:
        return vi if self._vietnamese else en

    def calendar(self, data: Calendar) -> Iterator[str]:
        yield self._version(data.version)
        if data.week is not None:
            seasons = len(data.seasons)
            yield self(
                "giờ làm việc theo tuần" + (f" và {seasons} mùa" if seasons else ""),
                "weekly hours" + (f" and {seasons} season{_s(seasons)}" if seasons else ""),
            )
        yield self._days([day for day in data.days if not day.working], "nghỉ", "off")
        yield self._days([day for day in data.days if day.working], "làm việc", "worked")
        if data.unit is not None:
            purpose = self("giờ làm việc", "working time")
            if data.purpose == "reception":
                purpose = self("giờ tiếp nhận", "reception")
            yield self(f"{purpose} của {data.unit}", f"{purpose} of {data.unit}")
        yield from self._end(data.valid_from, None, data.document)

    def procedure(self, data: Procedure) -> Iterator[str]:
        yield self._version(data.version)
        yield self._some([self._term(term) for term in data.terms])
        if data.cut_percent is not None:
            yield self(f"cắt giảm {data.cut_percent} %", f"cut by {data.cut_percent} %")
        yield from self._end(data.valid_from, data.valid_to, data.document)

    def route(self, data: Route) -> Iterator[str]:
        yield self._version(data.version)
        if data.channel is not None:
            yield self(f"kênh {_CHANNELS[data.channel]}", f"channel {data.channel}")
        count = len(data.steps)
        names = self._some([step.step for step in data.steps], " → ")
        told = self(f"{count} bước {names}", f"{count} step{_s(count)} {names}")
        if is_sound(data):
            minutes, _ = critical_path(route_steps(data.steps))
            told += self(f", {minutes} phút làm việc", f", {minutes} working minutes")
        yield told
        yield from self._end(data.valid_from, data.valid_to, data.document)

    def unit(self, data: UnitData) -> Iterator[str]:
        if data.parent is not None:
            yield self(f"thuộc {data.parent}", f"below {data.parent}")
        if data.successor is not None:
            yield self(f"{data.successor} kế thừa", f"succeeded by {data.successor}")
        yield from self._end(data.valid_from, data.valid_to, data.document)

    def rule(self, data: Rule) -> Iterator[str]:
        yield self._version(data.version)
        yield ", ".join(f"{name}={_value(value)}" for name, value in sorted(data.parameters.items()))
        yield from self._end(data.valid_from, None, data.document)

    def _version(self, version: str) -> str:
        return self(f"bản {version}", f"version {version}")

    def _days(self, days: Sequence[CalendarDay], vi: str, en: str) -> str:
        if not days:
            return ""
        told = self._some([str(day.day) for day in sorted(days, key=lambda day: day.day)])
        count = len(days)
        return self(f"thêm {count} ngày {vi} {told}", f"{count} day{_s(count)} {en} added {told}")

    def _term(self, given: ProcedureTerm) -> str:
        try:
            text = Term(Fraction(given.amount), given.unit).text
            amount = self(text.vi, text.en)
        except TermError:
            amount = f"{given.amount} {given.unit}"
        kind = self(*_KINDS[given.kind])
        channel = "" if given.channel is None else f" ({self(_CHANNELS[given.channel], given.channel)})"
        return f"{kind}{channel} {amount}"

    def _end(self, first: date | None, last: date | None, document: str | None) -> Iterator[str]:
        if first is not None:
            yield self(f"từ {first}", f"from {first}")
        if last is not None:
            yield self(f"đến hết {last}", f"until {last}")
        if document is not None:
            yield document

    def _some(self, told: Iterable[str], between: str = ", ") -> str:
        every = list(told)
        rest = len(every) - _SHOWN
        if rest > 0:
            every = [*every[:_SHOWN], self(f"và {rest} nữa", f"and {rest} more")]
        return between.join(every)


def _named(head: str, name: str | None) -> str:
    return head if name is None else f"{head} ({name})"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _value(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
