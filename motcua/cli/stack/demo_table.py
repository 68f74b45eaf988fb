"""How the demo looks: a table for a terminal, or one line for a log. Asks nobody anything."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from motcua.cli.session import Session
from motcua.cli.stack.demo_figures import Row, Screen
from motcua.cli.words import SIMULATED
from shared.instants import DAY, local_midnight, to_datetime
from simulator.world.province import DEPARTMENTS, PROVINCE

__all__ = ["address_lines", "as_line", "as_screen", "choose_rows"]

#: Lines of the screen that are no units: label, clock, state, head, bottleneck, addresses, hints.
_FRAME = 13


def as_screen(
    session: Session, screen: Screen, addresses: dict[str, str], zone: ZoneInfo, height: int
) -> RenderableType:
    """The whole screen.

    Args:
        session: for its language.
        screen: what to show.
        addresses: base URL by process name.
        zone: zone of local times.
        height: lines of the terminal; communes are shown as far as they fit.
    """
    say = session.say
    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    table.add_column(say("đơn vị", "unit"), no_wrap=True)
    table.add_column(say("tên", "name"), no_wrap=True, max_width=34)
    for vi, en in (
        ("tiếp nhận", "received"),
        ("đang xử lý", "in process"),
        ("quá hạn", "overdue"),
        ("sắp hạn", "due soon"),
        ("2.1 đúng hạn %", "2.1 on time %"),
        ("3.3 trực tuyến %", "3.3 online %"),
    ):
        table.add_column(say(vi, en), justify="right", no_wrap=True)
    for row in choose_rows(screen.rows, height - _FRAME):
        overdue = Text(str(row.overdue), style="red" if row.overdue else "")
        cells = (row.unit, row.name or row.unit, str(row.received), str(row.open), overdue, str(row.due_soon))
        table.add_row(*cells, row.on_time, row.online, style="bold" if row.unit == PROVINCE else "")
    if not screen.rows:
        table.add_row("…", say("đang chờ số liệu đầu tiên", "waiting for the first figures"))
    hint = say("Ctrl-C để dừng; dữ liệu còn nguyên.", "Ctrl-C stops everything; the data stay.")
    if screen.example is not None:
        hint += say(" Xem kỹ một hồ sơ: ", " Look at a dossier: ") + f"motcua slip {screen.example}"
    return Group(
        Text(f" Một Cửa — {SIMULATED} ", style="bold black on yellow"),
        Text(_state(session, screen, zone)),
        Text(_rates(session, screen)),
        Text(),
        table,
        Text(),
        *(Text(line, no_wrap=True) for line in _narrow(session, screen)),
        *(Text(line, style="dim", no_wrap=True) for line in address_lines(addresses)),
        Text(hint),
    )


def as_line(session: Session, screen: Screen, zone: ZoneInfo) -> str:
    """One line for a log."""
    province = next((row for row in screen.rows if row.unit == PROVINCE), None)
    figures = session.say("chưa có số liệu", "no figures yet")
    if province is not None:
        figures = session.say(
            f"tiếp nhận {province.received}, đang xử lý {province.open}, quá hạn {province.overdue}, "
            f"sắp hạn {province.due_soon}",
            f"received {province.received}, in process {province.open}, overdue {province.overdue}, "
            f"due soon {province.due_soon}",
        )
        figures += f", 2.1 {province.on_time} %, 3.3 {province.online} %"
    figures = ", ".join((figures, *_narrow(session, screen)))
    return f"[{SIMULATED}] {_state(session, screen, zone)} | {figures} | {_rates(session, screen)}"


def _narrow(session: Session, screen: Screen) -> list[str]:
    """The month's bottleneck in a line, and to whom most of the delay falls; none before there is one."""
    one = screen.narrow
    if one is None:
        return []
    unit = "-" if one.unit is None else f"{one.unit} {one.name or ''}".strip()
    line = session.say(
        f"điểm nghẽn của tháng: {unit}, bước {one.step}, vượt định mức {one.over_hours} giờ ({one.over_share} % lượt)",
        f"bottleneck of the month: {unit}, step {one.step}, {one.over_hours} h over budget ({one.over_share} %)",
    )
    if one.blamed is not None:
        line += session.say(
            f" · trễ nhiều nhất do {one.blamed}: {one.blamed_share} %",
            f" · most of the delay by {one.blamed}: {one.blamed_share} %",
        )
    return [line]


def address_lines(addresses: dict[str, str]) -> list[str]:
    """Where the doors are: API, documents and metrics of each service."""
    return [
        f"{name:<10} {addresses[name]}/docs  {addresses[name]}/asyncapi  {addresses[name]}/metrics"
        for name in ("intake", "processing", "metrics")
        if name in addresses
    ]


def choose_rows(rows: list[Row], most: int) -> list[Row]:
    """The province, its departments, and of the communes those with most overdue, as far as lines go."""
    departments = {unit.code for unit in DEPARTMENTS}
    head = [row for row in rows if row.unit == PROVINCE or row.unit in departments]
    rest = [row for row in rows if row not in head]
    rest.sort(key=lambda row: (-row.overdue, -row.received, row.unit))
    return head + rest[: max(0, most - len(head))]


def _state(session: Session, screen: Screen, zone: ZoneInfo) -> str:
    clock = "-" if screen.clock is None else to_datetime(screen.clock).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    month = "-" if screen.clock is None else clock[:7]
    text = f"{session.say('kỳ: tháng', 'period: month')} {month} · "
    text += f"{session.say('đồng hồ', 'clock')} {clock} · {screen.dossiers} {session.say('hồ sơ', 'dossiers')}"
    played = screen.simulator
    if played.get("phase") == "history" and played["goal"] > played["sent"]:
        begin = _begin_of(played["start"], zone)
        done, days = (played["sent"] - begin) // DAY, -(-(played["goal"] - begin) // DAY)
        text += session.say(f" · đang phát lịch sử: ngày {done}/{days}", f" · playing history: day {done}/{days}")
    elif played.get("phase") == "live":
        text += session.say(" · trực tiếp", " · live")
    return text


def _begin_of(day: str, zone: ZoneInfo) -> int:
    return local_midnight(date.fromisoformat(day), zone)


def _rates(session: Session, screen: Screen) -> str:
    rate = "-" if screen.events_per_second is None else f"{screen.events_per_second:.1f}"
    fresh = "-" if screen.freshness is None else f"{screen.freshness:.2f} s"
    return session.say(
        f"{rate} sự kiện/s · tồn {screen.lag} · độ tươi {fresh} · từ chối {screen.refused}",
        f"{rate} events/s · lag {screen.lag} · freshness {fresh} · refused {screen.refused}",
    )
