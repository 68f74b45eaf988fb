"""The demo: a stack, a simulated province in a process of its own, and a live table, until Ctrl-C ends all of it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from rich.live import Live
from rich.markup import escape

from deploy.local.backends.jars import ROOT
from deploy.local.errors import OtherEngineError, StackError
from deploy.local.stack import LocalStack
from motcua.cli.errors import CommandError
from motcua.cli.session import Session, session_of
from motcua.cli.stack.demo_figures import Gatherer
from motcua.cli.stack.demo_table import address_lines, as_line, as_screen
from motcua.cli.words import progress_text

__all__ = ["demo", "demo_clean"]

_HISTORY_DAYS: Final = 60
_PLAIN_EVERY: Final = 5.0
_SIMULATOR_GRACE: Final = 15.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def demo(
    context: typer.Context,
    *,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=1, help="Tự dừng sau ngần ấy giây có số liệu / end by itself after so many seconds of figures."
        ),
    ] = None,
    per_day: Annotated[int, typer.Option(min=1, max=5000, help="Hồ sơ mỗi ngày làm việc / dossiers a day.")] = 50,
    days: Annotated[int, typer.Option(min=1, max=730, help="Ngày lịch sử / days of history.")] = _HISTORY_DAYS,
) -> None:
    """Start a simulated stack, feed it, show it; Ctrl-C or SIGTERM ends everything, the data stay."""
    session = session_of(context)
    session.only_local()
    local = LocalStack(session.home, session.language)
    if local.home.exists() and not _is_demo(local):
        raise CommandError(
            f"{local.home.path} là hệ thống khác (không mô phỏng): chọn --home khác, ví dụ --home .motcua-demo",
            f"{local.home.path} is another kind of stack (not simulated): choose another --home, "
            "such as --home .motcua-demo",
        )
    found = local.supervised()
    simulator: subprocess.Popen[bytes] | None = None
    with _ended_by_signals():
        try:
            _start(session, local)
            simulator = _start_simulator(local, per_day, days)
            _show(session, local, simulator, seconds)
        except KeyboardInterrupt:
            pass
        finally:
            _stop(session, local, simulator, keep=found)


def demo_clean(context: typer.Context) -> None:
    """Remove a demo's home folder, and nothing that is no demo of ours."""
    session = session_of(context)
    session.only_local()
    local = LocalStack(session.home)
    path = local.home.path
    if not path.exists():
        session.note(f"Không có gì trong {path}", f"There is nothing at {path}")
        return
    if not local.home.exists() or not _is_demo(local):
        raise CommandError(
            f"{path} không phải dữ liệu trình diễn; tự xóa nếu thật muốn",
            f"{path} holds no demo; remove it yourself if you mean to",
        )
    local.down()
    shutil.rmtree(path)
    session.note(f"Đã xóa {path}", f"Removed {path}")


def _is_demo(local: LocalStack) -> bool:
    """A stack for simulated entries on the data's clock: what `demo` makes, and never a real one."""
    stack = local.home.load()
    return stack.simulated and stack.clock == "data"


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the demo as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(session: Session, local: LocalStack) -> None:
    try:
        if session.err.is_terminal:
            with session.err.status("…") as spinner:
                _up(session, local, lambda text: spinner.update(escape(text)))
        else:
            _up(session, local, lambda text: session.err.print(text, markup=False))
    except OtherEngineError as error:
        raise CommandError(
            "Dữ liệu trình diễn do một phiên bản khác tạo ra: chạy `make demo-clean`, rồi lại `make demo`",
            "The demo's data were made by another version: run `make demo-clean`, then `make demo` again",
        ) from error


def _up(session: Session, local: LocalStack, show: Callable[[str], None]) -> None:
    local.up(clock="data", simulated=True, progress=lambda text: show(progress_text(text, session.language)))


def _start_simulator(local: LocalStack, per_day: int, days: int) -> subprocess.Popen[bytes]:
    """Its own session, so that a Ctrl-C meant for us does not reach it before we tell it to end."""
    arguments = ["--home", str(local.home.path), "--per-day", str(per_day), "--days", str(days)]
    with local.home.log("simulator").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "simulator", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )


def _show(session: Session, local: LocalStack, simulator: subprocess.Popen[bytes], seconds: float | None) -> None:
    """Show a moment a second until told to end, or for so many seconds from the first figures on."""
    gatherer, zone, addresses = Gatherer(local), ZoneInfo(local.home.load().zone), local.addresses()
    plain = not session.out.is_terminal
    first: float | None = None
    printed = float("-inf")
    if plain:
        for line in address_lines(addresses):
            session.out.print(line, markup=False, soft_wrap=True)
    with Live(console=session.out, auto_refresh=False, screen=not plain) if not plain else _nothing() as live:
        while True:
            screen = gatherer.look()
            now = time.monotonic()
            if screen.rows and first is None:
                first, printed = now, float("-inf")
            if live is not None:
                live.update(as_screen(session, screen, addresses, zone, session.out.height), refresh=True)
            elif now - printed >= _PLAIN_EVERY:
                printed = now
                session.out.print(as_line(session, screen, zone), markup=False, soft_wrap=True)
            if simulator.poll() not in (None, 0):
                raise StackError("the simulator ended: see its log", local.home.log_tail("simulator"))
            if seconds is not None and first is not None and now - first >= seconds:
                return
            time.sleep(1.0)


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _stop(session: Session, local: LocalStack, simulator: subprocess.Popen[bytes] | None, *, keep: bool) -> None:
    """End what was started, the simulator first; a second Ctrl-C does not leave half of it running."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    # Whoever read us may be gone (a closed terminal; a broken pipe, on which rich exits): all is ended the same.
    with suppress(OSError, SystemExit):
        session.note("Đang dừng…", "Stopping…")
    if simulator is not None:
        simulator.terminate()
        try:
            simulator.wait(_SIMULATOR_GRACE)
        except subprocess.TimeoutExpired:
            simulator.kill()
            simulator.wait()
    if not keep:
        local.down()
    with suppress(OSError, SystemExit):
        session.note(
            "Đã dừng; dữ liệu còn nguyên, `make demo` chạy tiếp, `make demo-clean` xóa.",
            "Stopped; the data stay, `make demo` goes on where it was, `make demo-clean` removes them.",
        )
