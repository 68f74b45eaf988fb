"""The commands that write journal and facts to files of other tools; what and how, motcua/exporting knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from motcua.cli.dates import parse_date
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.waiting import counting_bar
from motcua.cli.words import SIMULATED
from motcua.exporting.formats import FORMATS, Chosen, FormatUnknown, choose
from motcua.exporting.target import STDOUT
from shared.broker.topics import lifecycle
from shared.instants import local_midnight
from shared.texts.normal_form import spellings

if TYPE_CHECKING:
    from motcua.exporting.run import Done
    from motcua.exporting.selection import Selection

__all__ = ["export"]

export = Commands(no_args_is_help=True)

FileArgument = Annotated[str, typer.Argument(help="Tệp, - là màn hình / file, - for stdout.")]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", help=f"{' | '.join(FORMATS)}; mặc định theo tên tệp / {' | '.join(FORMATS)}; by the file's name."
    ),
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Đơn vị, kèm cấp dưới / a unit with all below it.")]
FirstOption = Annotated[
    str | None, typer.Option("--from", help="Tiếp nhận từ ngày, như 31/08/2026 / received from, YYYY-MM-DD.")
]
LastOption = Annotated[
    str | None, typer.Option("--to", help="Tiếp nhận đến ngày, như 31/08/2026 / received to, YYYY-MM-DD.")
]
DossierOption = Annotated[
    list[str] | None, typer.Option("--dossier", help="Mã hồ sơ, lặp lại được / dossier code, repeatable.")
]
WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Chờ số liệu cập nhật / wait for the figures.")]


@export.callback()
def _export() -> None:
    """Xuất sổ nhật ký, dữ kiện ra tệp / journal and facts as files (docs/guides/export.md)."""


@export.command("journal", help="Bản ghi: CSV, Parquet, XES, OCEL / the entries that hold.")
def export_journal(
    context: typer.Context,
    *,
    file: FileArgument,
    form: FormatOption = None,
    unit: UnitOption = None,
    first: FirstOption = None,
    last: LastOption = None,
    dossier: DossierOption = None,
    mapping: Annotated[
        str | None, typer.Option(help="XES: tệp ánh xạ để nhập lại / XES: the mapping to import the log again goes to.")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Mọi bản ghi như đã ghi / all records as they stand.")] = False,
    wait: WaitOption = True,
    as_json: JsonOption = False,
) -> None:
    """Write the entries that hold as a table, or the lives of dossiers as a process log."""
    session, chosen = session_of(context), _chosen(file, form, as_json=as_json)
    if raw and not chosen.table:
        raise CommandError(
            "--raw chỉ có dạng bảng: dùng csv hoặc parquet", "--raw is a table only: use csv or parquet", USAGE
        )
    if mapping is not None and (chosen.format != "xes" or mapping == STDOUT):
        raise CommandError(
            "--mapping là tệp, và chỉ cho XES: đặt tên .xes",
            "--mapping is a file, and of XES only: name it .xes",
            USAGE,
        )
    wanted = _Wanted(unit, first, last, dossier, raw=raw, mapping=mapping)
    _write(session, "journal", file, chosen, wanted, wait=wait, as_json=as_json)


def _facts_command(what: str, vi: str, en: str) -> None:
    """Add the command that writes one table of facts."""

    @export.command(what, help=f"{vi} / {en}.")
    def command(
        context: typer.Context,
        *,
        file: FileArgument,
        form: FormatOption = None,
        unit: UnitOption = None,
        first: FirstOption = None,
        last: LastOption = None,
        dossier: DossierOption = None,
        wait: WaitOption = True,
        as_json: JsonOption = False,
    ) -> None:
        session, chosen = session_of(context), _chosen(file, form, as_json=as_json)
        if not chosen.table:
            raise CommandError(
                f"{what} là bảng: dùng csv hoặc parquet (nhật ký quy trình: `motcua export journal {file}`)",
                f"{what} is a table: use csv or parquet (the process log is `motcua export journal {file}`)",
                USAGE,
            )
        _write(session, what, file, chosen, _Wanted(unit, first, last, dossier), wait=wait, as_json=as_json)


_facts_command("facts", "Dữ kiện, mỗi hồ sơ một dòng", "facts, a row for each dossier")
_facts_command("steps", "Các bước, mỗi lần làm một dòng", "steps, a row each time one was begun")
_facts_command("blame", "Phần chậm trễ của từng đơn vị", "whose part of each delay it is")
_facts_command("rejections", "Việc bị từ chối", "acts that were rejected")
_facts_command("petitions", "Phản ánh, kiến nghị, mỗi cái một dòng", "petitions, a row for each")
_facts_command("entered", "Số liệu nhập từ bên ngoài, mỗi nguồn một dòng", "figures from outside, a row for each entry")


def _chosen(file: str, form: str | None, *, as_json: bool) -> Chosen:
    """The form of the file, with what cannot be refused before the stack is asked."""
    try:
        chosen = choose(file, form)
    except FormatUnknown as unknown:
        forms = ", ".join(FORMATS)
        raise CommandError(
            f"Không rõ dạng của {file!r}: đặt tên .csv, .csv.gz, .parquet, .xes, .xes.gz, .jsonocel, .sqlite, "
            f"hoặc --format {forms}",
            f"{file!r} tells no form there is: name it .csv, .csv.gz, .parquet, .xes, .xes.gz, .jsonocel, .sqlite, "
            f"or give --format {forms}",
            USAGE,
        ) from unknown
    if file == STDOUT and (as_json or not chosen.streams):
        raise CommandError(
            "Ra màn hình chỉ có csv, xes, ocel-json, và không kèm --json: nêu tên tệp",
            "Standard output takes csv, xes, ocel-json, and no --json: name a file",
            USAGE,
        )
    if file != STDOUT and not Path(file).absolute().parent.is_dir():
        raise CommandError(f"Không có thư mục của {file}; tạo trước", f"The folder of {file} is missing; make it")
    return chosen


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the options of a command ask for."""

    unit: str | None
    first: str | None
    last: str | None
    codes: list[str] | None
    raw: bool = False
    mapping: str | None = None

    def selection(self, services: Services, zone: ZoneInfo) -> Selection:
        """The dossiers asked for."""
        from motcua.exporting.selection import Selection

        first = parse_date(self.first, "--from") if self.first else None
        last = parse_date(self.last, "--to") if self.last else None
        return Selection(
            frozenset(one for code in self.codes for one in spellings(code)) if self.codes else None,
            _units(services, self.unit) if self.unit else None,
            None if first is None else local_midnight(first, zone),
            None if last is None else local_midnight(last + timedelta(days=1), zone),
        )

    def check(self) -> None:
        """Refuse dates that are none, before the stack is asked.

        Raises:
            CommandError: so.
        """
        first = parse_date(self.first, "--from") if self.first else date.min
        last = parse_date(self.last, "--to") if self.last else date.max
        if last < first:
            raise CommandError(
                f"--to {last} trước --from {first}; đổi chỗ hai ngày",
                f"--to {last} lies before --from {first}; exchange the two dates",
                USAGE,
            )


def _write(
    session: Session, what: str, file: str, chosen: Chosen, wanted: _Wanted, *, wait: bool, as_json: bool
) -> None:
    wanted.check()
    services = Services(session)

    import asyncio
    import sqlite3

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from motcua.exporting.reading import Stack
    from motcua.exporting.run import Export, run

    zone = ZoneInfo(services.stack.zone)
    # The entries alone need no facts; everything else is as of what processing has read.
    if wait and (what != "journal" or not chosen.table or wanted.unit or wanted.first or wanted.last):
        counting_bar(session, services)
    selection = wanted.selection(services, zone)
    epoch = services.get("metrics", "/v1/status")["epoch"]
    simulated = services.stack.simulated
    stack = Stack(services.kafka, services.journal, lifecycle(epoch), services.partitions, simulated)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=session.err, transient=True) as bars:
        task = bars.add_task(session.say("xuất", "exporting"), total=None)
        try:
            done = asyncio.run(
                run(
                    Export(what, file, chosen, selection, wanted.raw, zone, wanted.mapping),
                    stack,
                    lambda read, total: bars.update(task, completed=read, total=total),
                )
            )
        except BrokenPipeError:
            raise
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(
                f"Không ghi được {file} ({reason}); không có tệp dở dang nào còn lại",
                f"{file} cannot be written ({reason}); nothing half is left",
            ) from error
    told = _summary(what, file, chosen, done, simulated=simulated, epoch=epoch)
    if as_json:
        session.print_json(told)
        return
    if simulated:
        session.note(SIMULATED, SIMULATED)
    _tell(session, told)


def _units(services: Services, unit: str) -> frozenset[str]:
    from motcua.exporting.selection import units_below

    known = services.get("metrics", "/v1/units")["units"]
    codes = {one["unit"] for one in known}
    found = next((asked for asked in spellings(unit) if asked in codes), None)
    if found is None:
        raise CommandError(
            f"--unit: không có đơn vị {unit!r}; xem `motcua units list`",
            f"--unit: there is no unit {unit!r}; see `motcua units list`",
        )
    return units_below(known, found)


def _summary(what: str, file: str, chosen: Chosen, done: Done, *, simulated: bool, epoch: int) -> dict[str, Any]:
    """What was written, for programs."""
    counts = {"rows": done.rows, "dossiers": done.dossiers, "entries": done.entries, "reference": done.reference}
    return {
        "what": what,
        "file": file,
        "format": chosen.format,
        "simulated": simulated,
        "epoch": epoch,
        **counts,
        "unreadable": dict(sorted(done.unfit.items())),
    }


def _tell(session: Session, told: dict[str, Any]) -> None:
    rows, dossiers, entries = told["rows"], told["dossiers"], told["entries"]
    vi = [f"{rows} dòng"] * bool(rows) + [f"{dossiers} hồ sơ"] * bool(dossiers) + [f"{entries} bản ghi"] * bool(entries)
    en = (
        [f"{rows} rows"] * bool(rows)
        + [f"{dossiers} dossiers"] * bool(dossiers)
        + [f"{entries} entries"] * bool(entries)
    )
    file = told["file"]
    session.note(f"Đã xuất {', '.join(vi) or 'không có gì'}: {file}", f"{', '.join(en) or 'nothing'} exported: {file}")
    unreadable = sum(told["unreadable"].values())
    if unreadable:
        reasons = ", ".join(f"{reason} {count}" for reason, count in told["unreadable"].items())
        session.note(
            f"{unreadable} bản ghi không đọc được, là thư chết ({reasons})",
            f"{unreadable} records are no entries but dead letters ({reasons})",
        )
