"""What commands that show figures have in common: period, unit and their options, and how tables are laid out.

Asks a running stack for its clock and zone. Counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from motcua.cli.dates import named_period, parse_period
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.figures.figure_words import test_name
from motcua.cli.printing.local_forms import date_text
from motcua.cli.services import Services
from motcua.cli.session import Session
from shared.clock import SystemClock
from shared.instants import MINUTE, local_date, parse_instant, timespec_beside, to_datetime
from shared.texts.signs import visible

__all__ = [
    "FirstOption",
    "LastOption",
    "PeriodOption",
    "UnitArgument",
    "UnitOption",
    "UnitsOnOption",
    "Wanted",
    "add_rows",
    "checked_choice",
    "hours_text",
    "judged_by",
    "local_text",
    "note_limits",
    "show_head",
    "table_of",
    "unit_name",
    "wanted_period",
]

UnitArgument = Annotated[
    str | None, typer.Argument(help="Mã đơn vị, kèm cấp dưới; bỏ trống = tất cả / unit code; none = all.")
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Như tham số cùng nghĩa / the same as the argument.")]
FirstOption = Annotated[
    str | None, typer.Option("--from", help="Từ ngày (kể cả), như 31/08/2026 / first day, YYYY-MM-DD.")
]
LastOption = Annotated[
    str | None, typer.Option("--to", help="Đến ngày (kể cả), như 31/08/2026 / last day, YYYY-MM-DD.")
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", help="2026 | 2026-Q3 | 08/2026 | 31/08/2026 / 2026 | 2026-Q3 | 2026-08 | 2026-08-31."),
]
UnitsOnOption = Annotated[
    str | None,
    typer.Option("--units-on", help="Theo đơn vị của ngày này, như 01/07/2025 / by the units of this day, YYYY-MM-DD."),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A running stack and the period asked about.

    Attributes:
        services: of the stack.
        zone: of its local dates.
        first: local date, included.
        last: local date, included.
    """

    services: Services
    zone: ZoneInfo
    first: date
    last: date

    def ask(self, path: str, **parameters: Any) -> dict[str, Any]:
        """What metrics answers about the period."""
        period = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        answer: dict[str, Any] = self.services.get("metrics", path, **period, **parameters)
        return answer


def wanted_period(session: Session, first: str | None, last: str | None, period: str | None) -> Wanted:
    """The period somebody typed, or the month of the stack's clock; mistakes are told before the stack is asked.

    Raises:
        CommandError: a date or period is wrong, or the stack does not run.
    """
    if period is not None and (first or last):
        raise CommandError("--period thay cho --from và --to", "--period stands in for --from and --to", USAGE)
    named = None if period is None else named_period(period)
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    parse_period(first, last, local_date(SystemClock().now(), zone))
    services = Services(session)
    zone = ZoneInfo(services.stack.zone)
    if named is None:
        clock = services.get("metrics", "/v1/status")["clock"]
        named = parse_period(first, last, local_date(parse_instant(clock) if clock else SystemClock().now(), zone))
    return Wanted(services, zone, *named)


def unit_name(argument: str | None, option: str | None) -> str | None:
    """The unit, named first or by option.

    Raises:
        CommandError: two different ones.
    """
    if argument and option and argument != option:
        raise CommandError(
            f"--unit: đã có đơn vị {argument}; chỉ nêu một", f"--unit: {argument} was named already; name one", USAGE
        )
    return argument or option


def checked_choice(option: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a word that is not among those there are.

    Raises:
        CommandError: so.
    """
    if value not in choices:
        wanted = ", ".join(choices)
        raise CommandError(
            f"{option}: {value!r} không có; dùng {wanted}", f"{option}: {value!r} unknown; use {wanted}", USAGE
        )


def show_head(session: Session, answer: dict[str, Any], zone: ZoneInfo, *more: str) -> None:
    """The line above a table of a period: which one, as of when, and further words."""
    session.mark_simulated(answer["simulated"])
    words = [
        f"{session.say('Kỳ', 'Period')} {date_text(str(answer['from']))} … {date_text(str(answer['to']))}",
        f"{session.say('tính đến', 'as of')} {local_text(answer['as_of'], zone)}",
        *more,
    ]
    session.out.print(" · ".join(words), markup=False)


def note_limits(session: Session, answer: dict[str, Any]) -> None:
    """Say of a list that it holds only what the key may see; nothing where it holds everything."""
    units = answer.get("limited_to")
    if units is not None:
        told = ", ".join(units) or "-"
        session.note(
            f"chỉ gồm hồ sơ mà khóa này xem được: {told} và các đơn vị bên dưới",
            f"only cases that this key reads: {told} and all below",
        )


def judged_by(session: Session, test: str | None) -> str:
    """By which test, in words, for the line above a table."""
    name = test_name(test, session.language)
    return session.say(f"xét theo {name}", f"judged by {name}")


def table_of(left: Sequence[str], right: Sequence[str] = ()) -> Table:
    """An empty table with these titles: words stand to the left, numbers after them to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in left:
        table.add_column(title, overflow="fold")
    for title in right:
        table.add_column(title, justify="right")
    return table


def add_rows(table: Table, *rows: Sequence[Any], style: str | None = None) -> None:
    """Add rows as they are: what sources wrote is never taken for markup; a dash where there is nothing."""
    for row in rows:
        # Odd signs are shown before the width is taken, so that the column has room for them.
        cells = ["-" if cell is None or cell == "" else visible(str(cell), "\n") for cell in row]
        for column, cell in zip(table.columns, cells, strict=True):
            if column.justify == "right":
                # Titles may fold, numbers not.
                column.min_width = max(column.min_width or 0, len(cell))
        table.add_row(*map(Text, cells), style=style)


def hours_text(microseconds: int | None) -> str:
    """Working time in hours and whole minutes, rounded down, as `26:05`; `-` for none."""
    if microseconds is None:
        return "-"
    hours, minutes = divmod(microseconds // MINUTE, 60)
    return f"{hours}:{minutes:02d}"


def local_text(instant: str | None, zone: ZoneInfo, beside: Iterable[str | None] = ()) -> str:
    """An instant of the wire as local date and time, for people; `-` for none.

    To the minute; where one of those `beside`, with which people compare it, is another instant of the same minute,
    with the seconds that decide.
    """
    if not instant:
        return "-"
    at = parse_instant(instant)
    exact = timespec_beside(at, [parse_instant(other) for other in beside if other])
    return date_text(to_datetime(at).astimezone(zone).replace(tzinfo=None).isoformat(" ", exact))
