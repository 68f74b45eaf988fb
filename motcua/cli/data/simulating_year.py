"""Plays a commune, a province or a country by queues: to a file, to a running stack, or checks a stack by its truth.

What is played is the simulator's; options are those of `motcua simulate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from motcua.cli.asking import add_rows, table_of
from motcua.cli.errors import FAILURE, USAGE, CommandError
from motcua.cli.figures.slip import ask_processing
from motcua.cli.interrupting import interruptible
from motcua.cli.services import Services
from motcua.cli.session import Session
from motcua.cli.waiting import counting_bar
from shared.calendar import vn_public
from shared.clock import SystemClock
from shared.instants import DAY, local_date, local_midnight, parse_instant, to_rfc3339
from simulator.feed import Feed, FeedError, Stopped, Told, tick_entry
from simulator.feeding import feed_data, feed_live
from simulator.files import TruthError, read_truth, truth_writer, write_lines
from simulator.score import Score, Size
from simulator.simulation import Simulation
from simulator.truth.checking import Checked, check

__all__ = ["YearOptions", "check_truth", "play_year", "show_checked"]

_ZONE: Final = "Asia/Ho_Chi_Minh"
_SIZES: Final = ("commune", "province", "country")
#: Differences shown; all of them are in the JSON.
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class YearOptions:
    """What somebody asked for; None where an option was left out."""

    size: str | None
    seed: int
    first: date
    last: date
    scale: float
    dossiers: int | None
    units: int | None
    file: Path | None
    truth: Path | None
    rate: float | None

    def score(self) -> Score:
        """What is played.

        Raises:
            CommandError: there is no such size.
        """
        sizes: dict[str | None, Size] = {"commune": "commune", None: "province", "province": "province"}
        sizes["country"] = "country"
        if self.size not in sizes:
            wanted = ", ".join(_SIZES)
            raise CommandError(
                f"--size: {self.size!r} không có; dùng {wanted}", f"--size: {self.size!r} unknown; use {wanted}", USAGE
            )
        return Score(sizes[self.size], self.seed, self.first, self.last, self.scale, self.dossiers, self.units)


def play_year(session: Session, options: YearOptions) -> dict[str, Any]:
    """Play to a file, or feed a running simulated stack; what was sent, for people and JSON.

    Raises:
        CommandError: an option is wrong, or the stack does not take simulated entries.
    """
    services = None if options.file is not None else Services(session)
    if services is not None and not services.stack.simulated:
        raise CommandError(
            "Hệ thống này nhận dữ liệu thật: dùng --home khác với `motcua up --simulated`",
            "This stack takes real data: use another --home with `motcua up --simulated`",
        )
    zone = ZoneInfo(_ZONE if services is None else services.stack.zone)
    score = options.score()
    if services is None or services.stack.clock == "data":
        if options.rate is not None:
            raise CommandError(
                "--rate chỉ dùng với hệ thống chạy theo đồng hồ thật (`motcua up --simulated`)",
                "--rate goes with a stack on the live clock only (`motcua up --simulated`)",
                USAGE,
            )
        score = _over(session, score, zone)
    told: dict[str, Any] = {}
    with truth_writer(options.truth) as truth:
        simulation = Simulation(score, vn_public(zone), truth)
        with _Bar(session, simulation) as advance:
            if services is not None:
                told = _feed(services, simulation, options, advance)
            elif options.file is not None:
                told = _write(simulation, options.file, advance)
    if services is not None and services.stack.clock == "data":
        counting_bar(session, services)
    told |= {"seed": score.seed, "from": score.first.isoformat(), "to": score.last.isoformat()}
    return {"simulated": True, "size": score.size, "units": len(simulation.world.places)} | told


def _over(session: Session, score: Score, zone: ZoneInfo) -> Score:
    """Without the days that are not over: no stack takes what has not happened yet."""
    yesterday = local_date(SystemClock().now(), zone) - timedelta(1)
    if score.last <= yesterday:
        return score
    if score.first > yesterday:
        raise CommandError(
            f"--year, --start: {score.first} chưa qua; chọn ngày trước {yesterday}",
            f"--year, --start: {score.first} is not over; choose a day before {yesterday}",
            USAGE,
        )
    session.note(f"Chỉ đến {yesterday}: sau đó chưa xảy ra", f"Only up to {yesterday}: what follows has not happened")
    return replace(score, last=yesterday)


class _Bar:
    """Progress in simulated days."""

    def __init__(self, session: Session, simulation: Simulation) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        self._bars = Progress(*columns, TimeElapsedColumn(), console=session.err, transient=True)
        self._simulation = simulation
        self._begin = simulation.course.begin
        self._session = session
        self._task = TaskID(0)
        self._last = self._begin

    def __enter__(self) -> Callable[[int], None]:
        self._bars.start()
        words = self._session.say("ngày mô phỏng", "simulated days")
        days = (self._simulation.horizon - self._begin) // DAY
        self._task = self._bars.add_task(words, total=days, told="")
        return self._advance

    def _advance(self, reached: int) -> None:
        if reached - self._last >= DAY // 4:
            self._last = reached
            told = f"{self._simulation.entries} {self._session.say('bản ghi', 'entries')}"
            self._bars.update(self._task, completed=(reached - self._begin) / DAY, told=told)

    def __exit__(self, *_: object) -> None:
        self._bars.stop()


def _write(simulation: Simulation, file: Path, advance: Callable[[int], None]) -> dict[str, Any]:
    """All entries in the order of sending, and a tick at the end, where an import on the data's clock ends then."""
    with write_lines(file) as out:
        for sent, line in simulation.entries_sent():
            out.write(line)
            advance(sent)
        out.write(orjson.dumps(tick_entry(simulation.horizon), option=orjson.OPT_APPEND_NEWLINE))
    return {"file": str(file), "entries": simulation.entries, "dossiers": simulation.dossiers}


def _feed(
    services: Services, simulation: Simulation, options: YearOptions, advance: Callable[[int], None]
) -> dict[str, Any]:
    def on_sent(_: Told, reached: int) -> None:
        advance(reached)

    with interruptible() as stop:
        feed = Feed(services.address("intake"), services.key, stop)
        entries = simulation.entries_sent()
        try:
            if services.stack.clock == "data":
                told = feed_data(entries, simulation.course.begin, simulation.horizon, feed, on_sent)
            else:
                told = feed_live(entries, SystemClock(), feed, stop, rate=options.rate, on_sent=on_sent)
        except Stopped:
            raise KeyboardInterrupt from None
        except FeedError as error:
            raise CommandError(str(error), str(error)) from error
    return {"entries": simulation.entries, "accepted": told.accepted, "refused": told.refused}


def check_truth(session: Session, truth: Path, sample: int | None) -> tuple[dict[str, Any], int]:
    """Compare a running stack with a truth file; what to print as JSON, and the exit code.

    Raises:
        CommandError: the file is no truth, or the stack's clock has not come to its end.
    """
    services = Services(session)
    try:
        head = next(read_truth(truth), {})
        _comparable(services, head)
        found = _compare(session, services, truth, sample)
    except TruthError as error:
        raise CommandError(str(error), str(error)) from error
    told = {"units": found.units, "figures": found.figures, "dossiers": found.dossiers}
    differences = [
        {"what": what, "figure": name, "truth": ours, "stack": theirs} for what, name, ours, theirs in found.differences
    ]
    return told | {"differences": differences}, FAILURE if differences else 0


def _comparable(services: Services, head: dict[str, Any]) -> None:
    zone, end = head["zone"], local_midnight(date.fromisoformat(head["last"]) + timedelta(1), ZoneInfo(head["zone"]))
    if services.stack.zone != zone:
        raise CommandError(
            f"Múi giờ của hệ thống là {services.stack.zone}, của tệp là {zone}",
            f"The stack's zone is {services.stack.zone}, that of the file {zone}",
        )
    clock = services.get("metrics", "/v1/status")["clock"]
    if clock is None or parse_instant(clock) < end:
        raise CommandError(
            f"Đồng hồ của hệ thống là {clock}, chưa đến {to_rfc3339(end)}: nạp hết tệp rồi kiểm tra",
            f"The stack's clock is {clock}, not yet {to_rfc3339(end)}: bring in the whole file, then check",
        )


def _compare(session: Session, services: Services, truth: Path, sample: int | None) -> Checked:
    def indices(unit: str | None, first: str, last: str, by: str | None) -> list[dict[str, Any]]:
        asked = {"from": first, "to": last, "unit": unit, "by": by}
        found: list[dict[str, Any]] = services.get("metrics", "/v1/indices", **asked)["indices"]
        return found

    def dossier(code: str) -> dict[str, Any] | None:
        try:
            row: dict[str, Any] = ask_processing(services, code)["row"]
        except CommandError:
            return None
        return row

    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=session.err, transient=True) as bars:
        task = bars.add_task(session.say("so sánh", "comparing"), total=None, told="")

        def told(now: Checked) -> None:
            counts = now.units, now.dossiers
            words = session.say("{} đơn vị, {} hồ sơ".format(*counts), "{} units, {} dossiers".format(*counts))
            bars.update(task, told=words)

        return check(read_truth(truth), indices, dossier, sample=sample, told=told)


def show_checked(session: Session, told: dict[str, Any]) -> None:
    """What was compared, and the first differences."""
    counts = told["figures"], told["units"], told["dossiers"]
    whole_vi, whole_en = (
        "{} số liệu của {} đơn vị, {} hồ sơ".format(*counts),
        "{} figures of {} units, {} dossiers".format(*counts),
    )
    differences = told["differences"]
    if not differences:
        session.out.print(session.say(f"{whole_vi}: không khác", f"{whole_en}: no difference"))
        return
    session.out.print(session.say(f"{whole_vi}: {len(differences)} khác", f"{whole_en}: {len(differences)} differ"))
    say = session.say
    table = table_of([say("của", "of"), say("chỉ tiêu", "figure"), say("sự thật", "truth"), say("hệ thống", "stack")])
    add_rows(table, *[[one["what"], one["figure"], one["truth"], one["stack"]] for one in differences[:_SHOWN]])
    session.out.print(table)
