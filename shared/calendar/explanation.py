"""Why a term ends when it does: the rule, the calendar version, each day passed over and why, in both languages.

Pure. Says in words what `terms` counts, walking only the days between start and end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shared.calendar.coverage import doubts
from shared.calendar.terms import Term, counted_from, last_day, term_due
from shared.calendar.work_calendar import WorkCalendar
from shared.contract.reference import Counting
from shared.instants import HOUR, MINUTE
from shared.messages.base import Text

__all__ = ["NotedDay", "TermExplanation", "explain_term", "notable_days", "note_of"]

Reason = Literal["weekend", "holiday", "compensation", "swap", "extra", "no_such_day"]

#: Days looked at and told for one term; longer ones say how many more there are.
_MOST_WALKED: Final = 4_000
_MOST_TOLD: Final = 40

_REASONS: Final[dict[Reason, Text]] = {
    "weekend": Text("ngày nghỉ hằng tuần", "weekly day off"),
    "holiday": Text("ngày lễ", "public holiday"),
    "compensation": Text("nghỉ bù", "day off in compensation"),
    "swap": Text("hoán đổi ngày làm việc", "swapped day"),
    "extra": Text("theo lịch của đơn vị", "by the calendar of the agency"),
    "no_such_day": Text("múi giờ bỏ qua ngày này", "left out by the time zone"),
}
_WEEKDAYS: Final = (
    Text("Thứ Hai", "Mon"),
    Text("Thứ Ba", "Tue"),
    Text("Thứ Tư", "Wed"),
    Text("Thứ Năm", "Thu"),
    Text("Thứ Sáu", "Fri"),
    Text("Thứ Bảy", "Sat"),
    Text("Chủ Nhật", "Sun"),
)
_RULES: Final[dict[str, Text]] = {
    "next-day": Text(
        "tính theo ngày làm việc, không tính ngày tiếp nhận; kết thúc lúc hết giờ của ngày cuối",
        "counted in whole working days, the day of receipt not counted; ends at closing time of the last day",
    ),
    "same-time": Text(
        "tính theo ngày làm việc đến cùng giờ; ngoài giờ thì tính từ giờ mở cửa kế tiếp",
        "counted in working days to the same time of day; a start outside hours counts from the next opening",
    ),
    "hours": Text(
        "tính theo phút làm việc của lịch; 8 giờ làm việc bằng 1 ngày làm việc",
        "counted in working minutes of the calendar; 8 working hours are 1 working day",
    ),
    "calendar_days": Text(
        "tính theo ngày lịch, không tính ngày tiếp nhận; ngày cuối là ngày nghỉ thì lấy ngày làm việc tiếp theo",
        "counted in calendar days, the day of receipt not counted; a last day that is off gives the next working day",
    ),
    "months": Text(
        "tính theo tháng đến cùng ngày; ngày cuối là ngày nghỉ thì lấy ngày làm việc tiếp theo",
        "counted in months to the same day; a last day that is off gives the next working day",
    ),
    "same_day": Text(
        "trả trong ngày: hết giờ của ngày tiếp nhận, ngày nghỉ thì của ngày làm việc tiếp theo",
        "due the same day: closing time of the day of receipt, on a day off of the next working day",
    ),
}


@dataclass(frozen=True, slots=True)
class NotedDay:
    """A day that is off, or worked though its weekday is off, and why."""

    day: date
    working: bool
    reason: Reason
    name: str | None = None
    document: str | None = None
    pair: date | None = None

    @property
    def text(self) -> Text:
        """The day, what it is, and by which document."""
        weekday = _WEEKDAYS[self.day.weekday()]
        day = Text(f"{weekday.vi} {self.day:%d/%m/%Y}", f"{weekday.en} {self.day}")
        what = Text(": làm việc, ", ": worked, ") if self.working else Text(": nghỉ, ", ": off, ")
        return _joined(_joined(day, what), self.why)

    @property
    def why(self) -> Text:
        """Why it is off or worked, and by which document."""
        reason = _REASONS[self.reason]
        told = [reason if self.name is None else Text(f"{reason.vi}: {self.name}", f"{reason.en}: {self.name}")]
        if self.pair is not None:
            told.append(Text(f", đổi với {self.pair:%d/%m/%Y}", f", for {self.pair}"))
        if self.document is not None:
            told.append(Text(f" ({self.document})", f" ({self.document})"))
        return Text("".join(part.vi for part in told), "".join(part.en for part in told))


@dataclass(frozen=True, slots=True)
class TermExplanation:
    """A due instant and how it came about.

    Attributes:
        due: UTC µs.
        start: UTC µs, as asked.
        counted_from: UTC µs at which counting began.
        rule: how the term was counted, in words.
        skipped: days passed over, in order.
        worked: days counted though their weekday is off, such as swapped Saturdays.
        lines: all of it in words, in order.
        doubts: what the calendar does not know on the way, and a due instant before its start, in words.
    """

    due: int
    start: int
    counted_from: int
    rule: Text
    skipped: tuple[NotedDay, ...]
    worked: tuple[NotedDay, ...]
    lines: tuple[Text, ...]
    doubts: tuple[Text, ...]


def explain_term(calendar: WorkCalendar, start: int, term: Term, counting: Counting = "next-day") -> TermExplanation:
    """The due instant of a term with its reasons.

    Args:
        calendar: its days, hours and zone.
        start: UTC µs.
        term: how long.
        counting: how working days are counted.

    Raises:
        TermError: the term ends after the last day the calendar covers.
    """
    due = term_due(calendar, start, term, counting)
    begun = counted_from(calendar, start, term, counting)
    rule = _rule(term, counting)
    # Calendar days and months run on over days off; only a last day that is off is passed over.
    walked = (
        start if term.unit.startswith("working") and term.amount else calendar.closing(last_day(calendar, start, term))
    )
    noted = [*notable_days(calendar, walked, due)]
    skipped = tuple(day for day in noted if not day.working)
    worked = tuple(day for day in noted if day.working)
    lines = [
        Text(f"Thời hạn {term.text.vi}: {rule.vi}", f"Term {term.text.en}: {rule.en}"),
        _calendar_line(calendar),
        _joined(Text("Bắt đầu: ", "Start: "), _moment(calendar, start)),
    ]
    if begun != start:
        lines.append(_joined(Text("Tính từ: ", "Counted from: "), _moment(calendar, begun)))
    for intro, days in ((Text("Bỏ qua: ", "Passed over: "), skipped), (Text("Tính cả: ", "Counted: "), worked)):
        lines.extend(_joined(intro, text) for text in _days_told(days))
    last = calendar.work_day(max(due - 1, walked))[0]
    if (last - calendar.work_day(walked)[0]).days >= _MOST_WALKED:
        lines.append(Text("Các ngày sau đó không liệt kê.", "Later days are not listed."))
    lines.append(_joined(Text("Hạn: ", "Due: "), _moment(calendar, due)))
    return TermExplanation(due, start, begun, rule, skipped, worked, tuple(lines), tuple(doubts(calendar, start, due)))


def notable_days(calendar: WorkCalendar, start: int, end: int) -> Iterator[NotedDay]:
    """Days off from the day of one instant to the day before another's, and days worked on a weekday that is off.

    The day an instant ends exactly at, such as 24:00, belongs to neither; at most some eleven years are looked at.
    """
    day, last = calendar.work_day(start)[0], calendar.work_day(max(end - 1, start))[0]
    for _ in range(min((last - day).days + 1, _MOST_WALKED)):
        noted = note_of(calendar, day)
        if noted is not None:
            yield noted
        day += timedelta(1)


def note_of(calendar: WorkCalendar, day: date) -> NotedDay | None:
    """Why a day is off, or worked though its weekday is off; None where it is worked as its weekday says."""
    note = calendar.day_note(day)
    working = calendar.is_working_day(day)
    weekly = bool(calendar.plan.weekday_hours(day))
    if working and (note is None or weekly):
        return None
    if note is None:
        return NotedDay(day, working, "no_such_day" if weekly else "weekend")
    if not working and note.working:
        return NotedDay(day, working, "no_such_day")
    return NotedDay(day, working, note.kind or "extra", note.name, note.document, note.pair)


def _days_told(days: tuple[NotedDay, ...]) -> Iterator[Text]:
    """A line for each day, those of one weekend together."""
    told: list[Text] = []
    for place, day in enumerate(days):
        before = days[place - 1] if place else None
        if (
            before is not None
            and day.reason == before.reason == "weekend"
            and day.day - before.day == timedelta(1)
            and told
        ):
            told[-1] = _range_text(told[-1], day)
        else:
            told.append(day.text)
    yield from told[:_MOST_TOLD]
    if len(told) > _MOST_TOLD:
        more = len(told) - _MOST_TOLD
        yield Text(f"và {more} lần nữa", f"and {more} more")


def _range_text(first: Text, last: NotedDay) -> Text:
    vi, en = (text.partition(": ") for text in (first.vi, first.en))
    weekday = _WEEKDAYS[last.day.weekday()]
    return Text(
        f"{vi[0].partition(' – ')[0]} – {weekday.vi} {last.day:%d/%m/%Y}: {vi[2]}",
        f"{en[0].partition(' – ')[0]} – {weekday.en} {last.day}: {en[2]}",
    )


def _rule(term: Term, counting: Counting) -> Text:
    if term.unit == "working_hours":
        return _RULES["hours"]
    if not term.amount:
        return _RULES["same_day"]
    return _RULES[counting if term.unit == "working_days" else term.unit]


def _calendar_line(calendar: WorkCalendar) -> Text:
    zone = calendar.zone.key
    return Text(
        f"Lịch {calendar.id}, phiên bản {calendar.version}, múi giờ {zone}",
        f"Calendar {calendar.id}, version {calendar.version}, zone {zone}",
    )


def _moment(calendar: WorkCalendar, instant: int) -> Text:
    day, wall = calendar.local(instant)
    weekday = _WEEKDAYS[day.weekday()]
    clock = f"{wall // HOUR:02d}:{wall % HOUR // MINUTE:02d}"
    return Text(f"{clock} {weekday.vi} {day:%d/%m/%Y}", f"{weekday.en} {day} {clock}")


def _joined(intro: Text, told: Text) -> Text:
    return Text(intro.vi + told.vi, intro.en + told.en)
