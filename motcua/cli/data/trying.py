"""Shows what a mapping would make of a file (`motcua import --dry-run`): rows and their entries, counts, warnings."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from motcua.cli.data.imports.unregistered import ask_running, unregistered_lines
from motcua.cli.errors import CommandError
from motcua.cli.session import Session
from motcua.importing.inspecting.preview import preview
from motcua.importing.inspecting.trial import ShownRow, Trial, try_mapping
from motcua.importing.reasons import ImportFailed
from shared.clock import SystemClock
from shared.instants import from_datetime

__all__ = ["local_time", "show_dry_run"]

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")


def show_dry_run(session: Session, file: Path, mapping: Path | None, *, as_json: bool) -> None:
    """Print what the first rows of a file give and what all that was read gives; with `as_json` the entries only.

    Raises:
        CommandError: the file or the mapping cannot be used.
    """
    try:
        if as_json:
            _entries(session, file, mapping)
        else:
            _told(session, try_mapping(file, mapping, now=SystemClock().now(), zone=session.zone))
    except ImportFailed as error:
        raise CommandError(error.text("vi"), error.text("en")) from error


def _entries(session: Session, file: Path, mapping: Path | None) -> None:
    """The first entries as NDJSON, and what was refused among them on the error output."""
    seen = preview(file, mapping, zone=session.zone)
    for entry in seen.entries:
        typer.echo(json.dumps(entry, ensure_ascii=False))
    for one in seen.refused:
        place = seen.places.text(one.line)
        session.err.print(f"{place}: {one.reason.text(session.language)}", markup=False, highlight=False)


def local_time(instant: int, zone: ZoneInfo) -> str:
    """An instant (UTC microseconds) as a clock in the zone shows it, to the second."""
    return datetime.fromtimestamp(instant // 1_000_000, zone).strftime("%Y-%m-%d %H:%M:%S")


def _told(session: Session, made: Trial) -> None:
    say, out = session.say, session.out
    table = Table(box=None, pad_edge=False, header_style="bold")
    for vi, en in (("Dòng", "Row"), ("Mục", "Entry"), ("Thời điểm", "Time"), ("Hồ sơ", "Dossier"), ("Dữ liệu", "Data")):
        table.add_column(say(vi, en), overflow="fold")
    for row in made.shown:
        _add(session, table, row, made.zone)
    if made.shown:
        out.print(table)
        out.print()
    read = say(f"{made.rows} dòng{'' if made.whole else ' đầu'}", f"{'' if made.whole else 'first '}{made.rows} rows")
    out.print(
        say(
            f"{read} → {made.entries} bản ghi của {made.dossiers} hồ sơ; giờ {made.zone.key}",
            f"{read} → {made.entries} entries of {made.dossiers} dossiers; times in {made.zone.key}",
        )
    )
    for type_, count in sorted(made.by_type.items()):
        out.print(f"  {count} × {type_}")
    if made.earliest is not None and made.latest is not None:
        first, last = local_time(made.earliest, made.zone), local_time(made.latest, made.zone)
        out.print(say(f"  từ {first} đến {last}", f"  from {first} to {last}"))
    if made.filtered:
        out.print(say(f"  {made.filtered} dòng bị lọc", f"  {made.filtered} rows filtered out"))
    for code, count in made.refused.most_common():
        _example(session, made, code, say(f"{count} bị từ chối", f"{count} refused"))
    if made.contradictions:
        _example(
            session, made, "contradiction", say(f"{made.contradictions} mâu thuẫn", f"{made.contradictions} contradict")
        )
    unregistered = unregistered_lines(session, ask_running(session, made.names))
    for line in (*(one.text(session.language) for one in (*made.warnings, *made.noted)), *unregistered):
        out.print(f"! {line}", markup=False)
    out.print(say("Chưa gửi gì.", "Nothing was sent."))


def _example(session: Session, made: Trial, code: str, told: str) -> None:
    one = made.examples[code]
    such = session.say("ví dụ dòng", "such as line")
    text = f"  {told} ({code}), {such} {made.places.text(one.line)}: {one.reason.text(session.language)}"
    session.out.print(text, markup=False)


def _add(session: Session, table: Table, row: ShownRow, zone: ZoneInfo) -> None:
    place = row.place
    for entry in row.entries:
        time = local_time(from_datetime(datetime.fromisoformat(entry["time"])), zone)
        table.add_row(place, entry["type"], time, entry["subject"], _data(entry["data"], zone))
        place = ""
    for one in row.refused:
        said = session.say("mâu thuẫn", "contradicts") if one.contradiction else session.say("từ chối", "refused")
        text = one.reason.text(session.language)
        table.add_row(place, f"! {said}", "", one.subject or "", text)
        place = ""
    if not row.entries and not row.refused:
        table.add_row(place, session.say("- không có mục", "- no entry"), "", "", "")


def _data(data: dict[str, Any] | None, zone: ZoneInfo) -> str:
    return " · ".join(f"{name} {_shown(value, zone)}" for name, value in (data or {}).items())


def _shown(value: Any, zone: ZoneInfo) -> str:
    """A value of the data; an instant as the zone's clock shows it."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return local_time(from_datetime(datetime.fromisoformat(value)), zone)
    return str(value)
