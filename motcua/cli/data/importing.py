"""The command that imports a file through intake's batch door, with progress, and waits until the figures have it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli.dates import parse_moment
from motcua.cli.errors import FAILURE, USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.printing.local_forms import number_text
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.waiting import counting_bar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from motcua.importing.progress import Progress as ImportProgress
    from motcua.importing.progress import Summary

__all__ = ["import_file"]

_STAGES = {
    "reading": ("đọc", "reading"),
    "sorting": ("sắp xếp", "sorting"),
    "sending": ("gửi", "sending"),
    "done": ("đã gửi", "sent"),
}


def import_file(
    context: typer.Context,
    *,
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, XLSX, HTML, XES (cần --mapping) hoặc NDJSON / CSV, XLSX, HTML, XES (with --mapping) or NDJSON."
        ),
    ],
    mapping: Annotated[Path | None, typer.Option(help="Tệp ánh xạ / mapping file (docs/guides/import.md).")] = None,
    clock: Annotated[
        str | None, typer.Option(help="data: đồng hồ theo dữ liệu / data: the clock follows the file's times.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="Với --clock data: kết thúc tại ngày hoặc thời điểm / with --clock data: end at a date or instant."
        ),
    ] = None,
    refused: Annotated[Path | None, typer.Option(help="Ghi dòng bị từ chối vào / refused rows go to.")] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Xem mỗi dòng thành gì, không gửi / show what rows become, send nothing."),
    ] = False,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Xem tệp có những cột nào / show the file's columns, send nothing.")
    ] = False,
    write_mapping: Annotated[
        Path | None,
        typer.Option(help="Với --inspect: ghi ánh xạ đầu tiên vào / with --inspect: write a first mapping to."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Chờ số liệu cập nhật / wait for the figures.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Bring a file into the journal; an interrupted import goes on where it was, a repeated one changes nothing."""
    session = session_of(context)
    _check(file, mapping, clock, until)
    if inspect or write_mapping is not None:
        from motcua.cli.data.inspecting import show_inspection

        show_inspection(session, file, write_mapping, as_json=as_json)
        return
    if dry_run:
        from motcua.cli.data.trying import show_dry_run

        show_dry_run(session, file, mapping, as_json=as_json)
        return
    services = Services(session)

    import asyncio

    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from motcua.cli.data.imports.unregistered import ask_unregistered, unregistered_lines
    from motcua.importing.reasons import ImportFailed
    from motcua.importing.run import ImportOptions, run_import

    options = ImportOptions(
        file=file,
        mapping=mapping,
        intake_url=services.address("intake"),
        key=services.key,
        home=services.home,
        clock="data" if clock == "data" else "live",
        until=until,
        zone=services.stack.zone,
        refused=refused,
        language=session.language,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=session.err, transient=True) as bars:
        task = bars.add_task(session.say("đọc", "reading"), total=None, told="")
        try:
            summary = asyncio.run(run_import(options, lambda now: _advance(session, bars, task, now)))
        except ImportFailed as error:
            # A stranger at the address refuses for reasons of its own.
            services.address("intake")
            raise CommandError(error.text("vi"), error.text("en")) from error
    if wait:
        counting_bar(session, services)
    unregistered = ask_unregistered(services, summary.names)
    if as_json:
        asked = None if unregistered is None else unregistered.as_dict()
        session.print_json(summary.as_dict(session.language) | {"unregistered": asked})
    else:
        _show(session, summary, unregistered_lines(session, unregistered))


def _check(file: Path, mapping: Path | None, clock: str | None, until: str | None) -> None:
    if clock not in (None, "data", "live"):
        raise CommandError(
            f"--clock: {clock!r} không có; dùng data hoặc live", f"--clock: {clock!r} unknown; use data or live", USAGE
        )
    if until is not None and clock != "data":
        raise CommandError("--until cần --clock data", "--until needs --clock data", USAGE)
    if until is not None and "T" in until:
        parse_moment(until, "--until")
    for option, path in (("FILE", file), ("--mapping", mapping)):
        if path is not None and not path.is_file():
            raise CommandError(
                f"{option}: không có tệp {path}; kiểm tra đường dẫn",
                f"{option}: there is no file {path}; check the path",
                USAGE if option == "--mapping" else FAILURE,
            )


def _advance(session: Session, bars: Progress, task: TaskID, now: ImportProgress) -> None:
    rate = now.rows_per_second
    told = session.say(
        f"{now.rows} dòng · {rate:.0f} dòng/s · nhận {now.accepted} · từ chối {now.refused}",
        f"{now.rows} rows · {rate:.0f} rows/s · accepted {now.accepted} · refused {now.refused}",
    )
    if now.waited:
        told += session.say(
            f" · chờ theo mức của khoá {now.waited:.0f} s", f" · waited by the key's rate {now.waited:.0f} s"
        )
    description = session.say(*_STAGES[now.stage])
    bars.update(task, description=description, completed=now.bytes_read, total=max(now.bytes_total, 1), told=told)


def _show(session: Session, summary: Summary, more: Iterable[str]) -> None:
    say, out = session.say, session.out
    seconds = number_text(f"{summary.seconds:.1f}")
    out.print(
        say(
            f"{summary.rows} dòng, {summary.dossiers} hồ sơ, {summary.entries} bản ghi: nhận {summary.accepted}, "
            f"từ chối {summary.refused}; {seconds} s, {summary.rows_per_second:.0f} dòng/s",
            f"{summary.rows} rows, {summary.dossiers} dossiers, {summary.entries} entries: "
            f"{summary.accepted} accepted, {summary.refused} refused; "
            f"{seconds} s, {summary.rows_per_second:.0f} rows/s",
        )
    )
    for value, vi, en in (
        (summary.skipped, "dòng đã gửi từ lần trước, không gửi lại", "rows sent by an interrupted run, skipped"),
        (summary.resumed, "bản ghi đã nhận từ lần trước", "entries brought in by an interrupted run"),
        (summary.filtered, "dòng bị lọc", "rows filtered out"),
        (summary.after_until, "bản ghi sau --until, không gửi", "entries after --until, not sent"),
        (summary.ticks, "nhịp đồng hồ", "ticks"),
        (summary.contradictions, "dòng mâu thuẫn nhau", "rows that contradict each other"),
    ):
        if value:
            out.print(f"  {value} {say(vi, en)}")
    for code, count in summary.refused_by_reason.items():
        example = summary.examples.get(code, "")
        out.print(f"  {count} × {code}  {say('ví dụ dòng', 'such as line')} {example}", markup=False)
    if summary.refused_file is not None:
        out.print(
            say(f"Dòng bị từ chối: {summary.refused_file}", f"Refused rows: {summary.refused_file}"), markup=False
        )
    for note in (*summary.notes, *summary.noted):
        out.print(note.text(session.language), markup=False)
    for line in more:
        out.print(line, markup=False)
