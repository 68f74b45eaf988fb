"""The command that feeds simulated history to a stack, or writes it to a file. What is played is the simulator's."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from motcua.cli.dates import parse_date
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.interrupting import interruptible
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.waiting import counting_bar
from shared.clock import SystemClock
from shared.instants import DAY, local_date, local_midnight, to_rfc3339

if TYPE_CHECKING:
    from simulator.state import SimulatorState

__all__ = ["simulate"]

_ZONE = "Asia/Ho_Chi_Minh"
_PER_DAY = 50


def simulate(
    context: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Số ngày / days played.")] = 30,
    per_day: Annotated[int, typer.Option(min=1, max=5000, help="Hồ sơ mỗi ngày / dossiers a working day.")] = _PER_DAY,
    seed: Annotated[int, typer.Option(help="Hạt giống / seed.")] = 1,
    start: Annotated[
        str | None,
        typer.Option(help="Ngày đầu; mặc định trước đây --days ngày / first day; by default --days days ago."),
    ] = None,
    until_now: Annotated[
        bool, typer.Option("--until-now", help="Đến bây giờ, cả hôm nay / up to now, today included.")
    ] = False,
    file: Annotated[Path | None, typer.Option(help="Ghi NDJSON thay vì gửi / write NDJSON instead.")] = None,
    province_year: Annotated[
        bool,
        typer.Option("--province-year", help="Một tỉnh một năm / a province's year."),
    ] = False,
    size: Annotated[
        str | None,
        typer.Option(help="Cỡ: commune | province | country / size: commune | province | country."),
    ] = None,
    year: Annotated[
        int | None, typer.Option(min=2000, max=2100, help="Năm, hoặc --start và --days / year, or --start and --days.")
    ] = None,
    scale: Annotated[
        float, typer.Option(min=1e-6, max=10, help="Tỉ lệ số hồ sơ và số người / scale of dossiers and people.")
    ] = 1.0,
    dossiers: Annotated[int | None, typer.Option(min=1, help="Hồ sơ một năm / dossiers a year.")] = None,
    units: Annotated[int | None, typer.Option("--units", min=1, help="Số xã / communes.")] = None,
    truth: Annotated[Path | None, typer.Option(help="Ghi sự thật vào tệp (.gz) / write the truth to.")] = None,
    rate: Annotated[
        float | None,
        typer.Option(min=0.001, help="Bản ghi mỗi giây, đồng hồ thật / entries a second, live."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="So hệ thống với tệp sự thật / compare the stack with a file of the truth.")
    ] = None,
    sample: Annotated[
        int, typer.Option(min=0, help="Số hồ sơ so với --check; 0 = tất cả / dossiers compared by --check; 0 = all.")
    ] = 200,
    as_json: JsonOption = False,
) -> None:
    """Play simulated days; a stack that played before goes on from there with its own seed and pace.

    With --province-year (or --size, --scale, --dossiers, --units, --truth, --rate) a year is played instead;
    --check compares a stack with its truth.
    """
    session = session_of(context)
    if check is not None:
        _check(session, check, sample, as_json=as_json)
        return
    first = parse_date(start, "--start") if start else None
    if province_year or year or scale != 1.0 or any(one is not None for one in (size, dossiers, units, truth, rate)):
        if per_day != _PER_DAY or until_now:
            raise CommandError(
                "--per-day và --until-now không dùng cùng --province-year; dùng --dossiers, --scale",
                "--per-day and --until-now do not go with --province-year; use --dossiers, --scale",
                USAGE,
            )
        from motcua.cli.data.simulating_year import YearOptions, play_year

        begin, end = _days_of(year, first, days)
        options = YearOptions(size, seed, begin, end, scale, dossiers, units, file, truth, rate)
        _show_played(session, play_year(session, options), as_json=as_json)
        return
    if file is not None:
        from simulator.playing import new_state

        _write(session, file, new_state(seed, per_day, _first_day(first, days), ZoneInfo(_ZONE)), days)
        return
    services = Services(session)
    if services.stack.clock != "data" or not services.stack.simulated:
        raise CommandError(
            "Chỉ hệ thống mô phỏng chạy theo đồng hồ dữ liệu mới nhận: dùng --home khác với "
            "`motcua up --clock data --simulated`",
            "Only a simulated stack on the data clock takes this: use another --home with "
            "`motcua up --clock data --simulated`",
        )
    from simulator.feed import FeedError
    from simulator.playing import new_state
    from simulator.state import SimulatorState, StateError, only_one

    home, zone = services.home, ZoneInfo(services.stack.zone)
    now = SystemClock().now()
    try:
        with only_one(home):
            state = SimulatorState.load(home) or new_state(seed, per_day, _first_day(first, days), zone)
            last = local_midnight(local_date(state.sent, zone) + timedelta(days=days), zone)
            _play(session, services, state, now if until_now else min(last, now))
    except (StateError, FeedError) as error:
        raise CommandError(str(error), str(error)) from error
    counting_bar(session, services)
    told = {
        "seed": state.seed,
        "per_day": state.per_day,
        "start": state.start,
        "sent_until": to_rfc3339(state.sent),
        "accepted": state.accepted,
        "refused": state.refused,
    }
    _show_played(session, told, as_json=as_json)


def _show_played(session: Session, told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        session.print_json(told)
        return
    session.mark_simulated(simulated=True)
    session.out.print(" · ".join(f"{key} {value}" for key, value in told.items()), markup=False)


def _check(session: Session, truth: Path, sample: int, *, as_json: bool) -> None:
    from motcua.cli.data.simulating_year import check_truth, show_checked

    told, code = check_truth(session, truth, sample or None)
    if as_json:
        session.print_json(told)
    else:
        session.mark_simulated(simulated=True)
        show_checked(session, told)
    if code:
        raise typer.Exit(code)


def _days_of(year: int | None, first: date | None, days: int) -> tuple[date, date]:
    """The days of a year (the last that is over, where none is named), or so many from a first day on."""
    if first is not None:
        return first, first + timedelta(days=days - 1)
    wanted = year or local_date(SystemClock().now(), ZoneInfo(_ZONE)).year - 1
    return date(wanted, 1, 1), date(wanted, 12, 31)


def _first_day(start: date | None, days: int) -> date:
    return start or local_date(SystemClock().now(), ZoneInfo(_ZONE)) - timedelta(days=days)


def _play(session: Session, services: Services, state: SimulatorState, end: int) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from simulator.feed import Feed, Stopped
    from simulator.playing import Stage, play_history

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with interruptible() as stop, Progress(*columns, console=session.err, transient=True) as bars:
        begin = state.sent
        total = max(1, -(-(end - begin) // DAY))
        task = bars.add_task(session.say("ngày mô phỏng", "simulated days"), total=total)
        stage = Stage(
            services.home,
            Feed(services.address("intake"), services.key, stop),
            ZoneInfo(services.stack.zone),
            stop,
            lambda now: bars.update(task, completed=-(-(now.sent - begin) // DAY)),
        )
        try:
            play_history(state, stage, end)
        except Stopped:
            stop.set()
        if stop.is_set():
            raise KeyboardInterrupt
        state.phase = "stopped"
        state.save(stage.home)


def _write(session: Session, file: Path, state: SimulatorState, days: int) -> None:
    """Write what would be sent, in the order of sending, without ticks: an import on the data clock brings its own."""
    import orjson

    from simulator.playing import Player

    zone, first = ZoneInfo(_ZONE), date.fromisoformat(state.start)
    written = 0
    with file.open("wb") as out:
        for entry in Player(state.score, zone, state.sent).until(local_midnight(first + timedelta(days=days), zone)):
            out.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    session.note(f"Đã ghi {written} bản ghi mô phỏng vào {file}", f"{written} simulated entries written to {file}")
