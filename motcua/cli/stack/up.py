"""Commands that start, stop and show a local stack. What runs, and how, is deploy/local's."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli.errors import USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.session import Session, session_of
from motcua.cli.words import progress_text

if TYPE_CHECKING:
    from deploy.local.stack import StackStatus

__all__ = ["down", "product_version", "show_status", "show_version", "status", "up"]


def up(
    context: typer.Context,
    *,
    clock: Annotated[
        str | None,
        typer.Option(help="live: đồng hồ thật; data: theo dữ liệu / live: the real clock; data: that of the data."),
    ] = None,
    simulated: Annotated[
        bool | None, typer.Option("--simulated", help="Chỉ nhận dữ liệu mô phỏng / takes simulated entries only.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            help="Múi giờ IANA (Europe/London), chỉ khi tạo mới / time zone (Europe/London), for a new stack."
        ),
    ] = None,
    partitions: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Số phân vùng, chỉ khi tạo mới / partitions, for a new stack.")
    ] = None,
    brokers: Annotated[
        int | None, typer.Option(min=1, max=5, help="Số máy chủ Kafka, chỉ khi tạo mới / brokers, for a new stack.")
    ] = None,
    replicas: Annotated[
        int | None,
        typer.Option(min=1, max=4, help="Số bản processing và metrics / processes of processing and metrics."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start what does not run yet and wait until everything is ready; harmless to repeat."""
    from rich.markup import escape

    from deploy.local.stack import LocalStack

    session = session_of(context)
    session.only_local()
    if clock not in (None, "live", "data"):
        raise CommandError(
            f"--clock: {clock!r} không có; dùng live hoặc data", f"--clock: {clock!r} unknown; use live or data", USAGE
        )
    with session.err.status("…") as spinner:

        def tell(text: str) -> None:
            line = escape(progress_text(text, session.language))
            if session.err.is_terminal:
                spinner.update(line)
            else:
                # Nobody sees a spinner in a log.
                session.err.print(line)

        started = LocalStack(session.home, session.language).up(
            clock=clock,
            simulated=simulated,
            zone=zone,
            partitions=partitions,
            brokers=brokers,
            replicas=None if replicas is None else {"processing": replicas, "metrics": replicas},
            progress=tell,
        )
    show_status(session, started, as_json=as_json)


def down(context: typer.Context) -> None:
    """Stop everything in order; the data stay."""
    from deploy.local.stack import LocalStack

    session = session_of(context)
    session.only_local()
    local = LocalStack(session.home)
    if not local.home.exists():
        raise CommandError(
            f"Không có hệ thống nào trong {local.home.path}; chỉ đúng thư mục bằng --home",
            f"There is no stack in {local.home.path}; name the right home with --home",
        )
    with session.err.status(session.say("đang tắt…", "stopping…")):
        left = local.down()
    if left:
        names = ", ".join(left)
        session.note(f"Đã dừng tiến trình còn sót: {names}", f"Ended what an earlier crash had left: {names}")
    session.note("Đã tắt; dữ liệu còn nguyên.", "Stopped; the data stay.")


def status(context: typer.Context, as_json: JsonOption = False) -> int:
    """Show each process, its address and health; exit code 1 unless everything is ready."""
    from deploy.local.stack import LocalStack

    session = session_of(context)
    if session.elsewhere is not None:
        from motcua.cli.elsewhere import show_elsewhere

        return 0 if show_elsewhere(session, session.elsewhere, as_json=as_json) else 1
    found = LocalStack(session.home, session.language).status()
    show_status(session, found, as_json=as_json)
    return 0 if found.ready else 1


def show_status(session: Session, found: StackStatus, *, as_json: bool) -> None:
    """Print a stack's status as a table, or as JSON."""
    from rich.table import Table
    from rich.text import Text

    if as_json:
        session.print_json(asdict(found) | {"ready": found.ready})
        return
    stack = found.stack
    session.mark_simulated(stack.simulated)
    if found.phase == "stopped":
        session.out.print(session.say("Hệ thống chưa chạy: `motcua up`", "The stack is not running: `motcua up`"))
        return
    head = (
        f"{session.home} · {found.phase} · {session.say('đồng hồ', 'clock')} {stack.clock} · "
        f"{session.say('múi giờ', 'zone')} {stack.zone} · {session.say('kỷ nguyên', 'epoch')} {stack.epoch}"
    )
    session.out.print(head)
    if found.note:
        session.out.print(found.note, markup=False)
    if found.error:
        session.out.print(found.error, style="red", markup=False)
    table = Table(box=None, pad_edge=False)
    for title in (
        session.say("tiến trình", "process"),
        "pid",
        session.say("địa chỉ", "address"),
        session.say("sức khỏe", "health"),
        session.say("khởi động lại", "restarts"),
        session.say("đang chờ", "waits for"),
    ):
        table.add_column(title)
    for process in found.processes:
        colour = "green" if process.health == "ready" else "red"
        table.add_row(
            process.name,
            str(process.pid or "-"),
            process.address,
            Text(process.health, style=colour),
            str(process.restarts),
            Text("; ".join(process.away)),
        )
    session.out.print(table)


def product_version() -> str:
    """Version of the installed product."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("motcua")
    except PackageNotFoundError:
        return "0 (not installed)"


def show_version(context: typer.Context) -> None:
    """Print the version."""
    session_of(context).out.print(f"motcua {product_version()}")
