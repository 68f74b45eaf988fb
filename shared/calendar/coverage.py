"""What a calendar does not know between a start and a due instant: years without holidays, swaps not in it. Pure.

A due date is worked out all the same; whoever reads it is told how far it can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shared.calendar.work_calendar import WorkCalendar
from shared.contract.calendar_data import HolidaySource
from shared.messages.base import Text

__all__ = ["doubts"]


def doubts(calendar: WorkCalendar, start: int, due: int) -> Iterator[Text]:
    """What may be wrong with a due instant, a sentence each; nothing where the calendar pins no holidays at all.

    Args:
        calendar: counted with.
        start: UTC µs.
        due: UTC µs.
    """
    if due < start:
        yield Text(
            "Hạn này trước lúc bắt đầu: lúc tiếp nhận đã hết giờ làm việc của ngày.",
            "This due instant lies before its start: the hours of the day were over at receipt.",
        )
    first, last = calendar.local_date(min(start, due)), calendar.local_date(max(start, due))
    for day in (first, last):
        told = _years_lacking(calendar, calendar.plan.pinned(day), day)
        if told is not None:
            yield told
            return
    sources = calendar.plan.pinned(first)
    complete = min((source.complete_from or date(source.first_year, 1, 1) for source in sources), default=None)
    if complete is not None and first < complete:
        yield Text(
            f"Lịch {calendar.id} đủ ngày hoán đổi từ {complete:%d/%m/%Y}; hạn này bắt đầu trước đó nên có thể lệch. "
            f"Bổ sung ngày hoán đổi bằng một tệp lịch.",
            f"Calendar {calendar.id} has all swapped days from {complete} on; this term begins before and may be off. "
            f"Add its swapped days by a calendar file.",
        )


def _years_lacking(calendar: WorkCalendar, sources: tuple[HolidaySource, ...], day: date) -> Text | None:
    if not sources or any(source.first_year <= day.year <= source.last_year for source in sources):
        return None
    years = ", ".join(f"{source.first_year}-{source.last_year}" for source in sources)
    return Text(
        f"Lịch {calendar.id} chỉ có ngày lễ các năm {years}; ngày lễ năm {day.year} đang tính là ngày làm việc. "
        f"Bổ sung bằng `motcua calendar pin`.",
        f"Calendar {calendar.id} has holidays of {years} only; those of {day.year} count as working days. "
        f"Add them with `motcua calendar pin`.",
    )
