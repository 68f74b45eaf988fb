"""Random calendars: odd hours, seasons, swapped and named days, several versions, zones whose clocks jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from shared.contract.calendar_data import Calendar, CalendarDay, Season, Week

__all__ = ["JUMPS", "calendars", "instants_near"]

#: A day around which the clock, or the date, of a zone jumps.
JUMPS = {
    "America/New_York": date(2026, 3, 8),
    "Africa/Casablanca": date(2026, 2, 15),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "Pacific/Apia": date(2011, 12, 30),
    "America/Havana": date(2026, 11, 1),
    "America/St_Johns": date(2010, 11, 7),
    "Asia/Beirut": date(2026, 3, 29),
    "Asia/Ho_Chi_Minh": date(2026, 1, 5),
}
_quarter = st.integers(0, 96)


def _text(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


@st.composite
def sessions(draw: st.DrawFn, least: int = 0) -> list[str]:
    bounds = sorted(draw(st.lists(_quarter, min_size=2 * least, max_size=6, unique=True)))
    if len(bounds) == 2 and bounds[0] <= 40 and 60 <= bounds[1] < 96 and draw(st.booleans()):
        # A shift over midnight, of at most twelve hours.
        return [f"{_text(bounds[1])}-{_text(min(bounds[0], bounds[1] - 48))}"]
    return [f"{_text(a)}-{_text(b)}" for a, b in zip(bounds[::2], bounds[1::2], strict=False)]


@st.composite
def weeks(draw: st.DrawFn, least: int = 0) -> Week:
    usual = draw(sessions(least=1))
    options: st.SearchStrategy[list[str]] = st.one_of(st.just(usual), st.just(usual), sessions(), st.just([]))
    week = {name: draw(options) for name in ("tue", "wed", "thu", "fri", "sat", "sun")}
    return Week(mon=usual if least else draw(options), **week)


@st.composite
def _days(draw: st.DrawFn, around: date, valid_from: date | None) -> list[CalendarDay]:
    places = draw(st.lists(st.integers(-12, 25), max_size=8, unique=True))
    days = [day for n in places if (day := around + timedelta(n)) >= (valid_from or date.min)]
    made: list[CalendarDay] = []
    while days:
        day, working = days.pop(), draw(st.booleans())
        paired = draw(st.booleans())
        if days and paired:
            other = days.pop()
            made += [
                CalendarDay(day=day, working=working, kind="swap", pair=other),
                CalendarDay(day=other, working=not working, kind="swap", pair=day),
            ]
        else:
            own = draw(st.none() | sessions(least=1)) if working else None
            made.append(CalendarDay(day=day, working=working, kind="extra", sessions=own))
    return made


@st.composite
def calendars(draw: st.DrawFn, around: date) -> list[Calendar]:
    """Versions valid from days around a day; the first one always and with a week that is never empty."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        since = around + timedelta(draw(st.integers(-10, 15))) if number else None
        seasonal = number == 0 or draw(st.booleans())
        seasons = []
        if seasonal and draw(st.booleans()):
            first, last = (f"{around + timedelta(draw(st.integers(-9, 12))):%m-%d}" for _ in range(2))
            seasons = [Season(first=first, last=last, week=draw(weeks()))]
        made.append(
            Calendar(
                calendar="random",
                version=str(number),
                valid_from=since,
                week=draw(weeks(least=1)) if seasonal else None,
                seasons=seasons,
                days=draw(_days(around, since)),
            )
        )
    return made


def instants_near(around: date) -> st.SearchStrategy[datetime]:
    """Whole minutes within a few days, mostly quarters of hours, so that openings and closings are hit."""
    noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC)
    minutes = st.integers(-2 * 1440, 2 * 1440) | st.integers(-192, 192).map(lambda n: n * 15)
    return minutes.map(lambda n: noon + timedelta(minutes=n))
