"""The command that feeds simulated history to a stack, or writes it to a file. What is played is the simulator's."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.cli.dates import parse_date
from deploy.cli.errors import CommandError
from deploy.cli.importing import counting_bar
from deploy.cli.services import Services
from deploy.cli.session import Session, session_of
from deploy.cli.stack import JsonOption
from deploy.simulator.feed import Feed, FeedError, Stopped
from deploy.simulator.introduction import introduction
from deploy.simulator.office import PublicOffice
from deploy.simulator.player import Player
from deploy.simulator.run import Stage, new_state, play_history
from deploy.simulator.state import SimulatorState, StateError, only_one
from shared.calendar import vn_public
from shared.clock import SystemClock
from shared.instants import DAY, local_date, local_midnight, to_rfc3339

__all__ = ["register"]

_ZONE = "Asia/Ho_Chi_Minh"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("simulate", help="Chạy tỉnh mô phỏng / play the simulated province.")(simulate)


def simulate(
    context: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Số ngày / days played.")] = 30,
    per_day: Annotated[int, typer.Option(min=1, max=5000, help="Hồ sơ mỗi ngày / dossiers a working day.")] = 50,
    seed: Annotated[int, typer.Option(help="Hạt giống / seed.")] = 1,
    start: Annotated[str | None, typer.Option(help="Ngày đầu / first day; mặc định trước đây --days ngày.")] = None,
    until_now: Annotated[
        bool, typer.Option("--until-now", help="Đến bây giờ, cả hôm nay / up to now, today included.")
    ] = False,
    file: Annotated[Path | None, typer.Option(help="Ghi NDJSON thay vì gửi / write NDJSON instead.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play simulated days; a stack that played before goes on from there with its own seed and pace."""
    session = session_of(context)
    first = parse_date(start, "--start") if start else None
    if file is not None:
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
    if as_json:
        session.print_json(told)
        return
    session.mark_simulated(simulated=True)
    line = " · ".join(f"{key} {value}" for key, value in told.items())
    session.out.print(line)


def _first_day(start: date | None, days: int) -> date:
    return start or local_date(SystemClock().now(), ZoneInfo(_ZONE)) - timedelta(days=days)


def _play(session: Session, services: Services, state: SimulatorState, end: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with _interruptible() as stop, Progress(*columns, console=session.err, transient=True) as bars:
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


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event set by Ctrl-C or SIGTERM, so that a span is finished or repeated whole."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(session: Session, file: Path, state: SimulatorState, days: int) -> None:
    """Write what would be sent, in the order of sending, without ticks: an import on the data clock brings its own."""
    zone, first = ZoneInfo(_ZONE), date.fromisoformat(state.start)
    player = Player(state.score, PublicOffice(vn_public(zone)), zone, state.sent)
    end = local_midnight(first + timedelta(days=days), zone)
    written = 0
    with file.open("wb") as out:
        for entry in chain(introduction(first, zone), (entry for _, entry in player.until(end))):
            out.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    session.note(f"Đã ghi {written} bản ghi mô phỏng vào {file}", f"{written} simulated entries written to {file}")
