"""Shows what is in a data file (`motcua import --inspect`) and writes a first mapping for it. Needs no stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.table import Table

from motcua.cli.data.trying import local_time
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.session import Session
from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import ZONE, Inspection, Part, inspect_file
from motcua.importing.inspecting.profile import Profile
from motcua.importing.reasons import ImportFailed
from shared.instants import to_rfc3339

__all__ = ["show_inspection"]

#: What a column probably is: (vi, en).
_ROLES: Final[dict[str, tuple[str, str]]] = {
    "dossier": ("mã hồ sơ", "dossier code"),
    "accepted": ("tiếp nhận", "accepted"),
    "due": ("hẹn trả", "due"),
    "ended": ("kết thúc", "ended"),
    "time": ("thời điểm", "time of the event"),
    "step": ("bước", "step"),
    "channel": ("kênh", "channel"),
    "unit": ("đơn vị", "unit"),
    "group": ("đơn vị của bước", "unit of the step"),
    "procedure": ("thủ tục", "procedure"),
    "instance": ("mã sự kiện", "id of the event"),
    "numbering": ("số thứ tự dòng", "row numbers"),
}
_FORMS: Final = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "xls": "XLS",
    "ods": "ODS",
    "html": "HTML",
    "xes": "XES",
    "json": "NDJSON",
}
_LONGEST = 32


def show_inspection(session: Session, file: Path, write_mapping: Path | None, *, as_json: bool) -> None:
    """Print a file's columns, and write a first mapping where one is wanted.

    Raises:
        CommandError: the file cannot be read, needs no mapping, or the mapping's file exists or cannot be written.
    """
    try:
        found = inspect_file(file)
    except ImportFailed as error:
        raise CommandError(error.text("vi"), error.text("en")) from error
    if write_mapping is not None:
        _write(session, found, write_mapping)
    if as_json:
        session.print_json(_as_dict(session, found))
        return
    for part in found.parts:
        _show(session, found, part)
    if found.damage is not None:
        session.out.print(f"! {found.damage.text(session.language)}", markup=False)
    if write_mapping is not None:
        session.out.print(
            session.say(
                f"Đã ghi {write_mapping}. Sửa rồi thử: motcua import {file} --mapping {write_mapping} --dry-run",
                f"Wrote {write_mapping}. Edit it, then try: motcua import {file} --mapping {write_mapping} --dry-run",
            ),
            markup=False,
            soft_wrap=True,
        )


def _write(session: Session, found: Inspection, target: Path) -> None:
    if found.form == "json":
        raise CommandError(
            f"{found.file} là NDJSON nên không cần ánh xạ; bỏ --write-mapping",
            f"{found.file} is NDJSON and needs no mapping; leave out --write-mapping",
            USAGE,
        )
    try:
        with target.open("x", encoding="utf-8") as opened:
            opened.write(first_mapping(found, session.language))
    except FileExistsError as error:
        raise CommandError(
            f"--write-mapping: {target} đã có; chọn tên khác", f"--write-mapping: {target} exists; choose another name"
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            f"--write-mapping: không ghi được {target}: {reason}; kiểm tra quyền ghi",
            f"--write-mapping: cannot write {target}: {reason}; check the permission",
        ) from error


def _show(session: Session, found: Inspection, part: Part) -> None:
    say, out = session.say, session.out
    name = f"{_FORMS[found.form]}{f' · {part.sheet}' if part.sheet else ''}"
    out.print(say(f"{name}: {part.rows} dòng", f"{name}: {part.rows} rows"), markup=False, style="bold")
    written = ", ".join(f"{key}: {value}" for key, value in part.written.items())
    if written:
        out.print(f"  file: {{ {written} }}", markup=False)
    if part.refused:
        out.print(say(f"  {part.refused} dòng không đọc được", f"  {part.refused} lines that are no row"))
    for note in part.notes:
        out.print(f"  ! {note.text(session.language)}", markup=False)
    roles = {column.name: role for role, column in part.guess.roles.items()}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for vi, en in (
        ("Cột", "Column"),
        ("Có lẽ là", "Probably"),
        ("Giá trị", "Values"),
        ("Trống", "Empty"),
        ("Khác nhau", "Distinct"),
        ("Khoảng", "Range"),
        ("Hay gặp nhất", "Most frequent"),
    ):
        table.add_column(
            say(vi, en), overflow="fold", justify="right" if en in ("Values", "Empty", "Distinct") else "left"
        )
    for column in part.columns:
        role = say(*_ROLES[roles[column.name]]) if column.name in roles else ""
        kinds = [say("ngày giờ", "time")] if column.stamps else []
        told = " · ".join(part for part in (role, ", ".join([*kinds, *column.formats])) if part)
        distinct = f"{'≈' if column.approximate else ''}{column.distinct}"
        counts = str(column.values), str(column.empty), distinct
        frequent = " · ".join(
            f"{_short(value)} ×{count}" for value, count in column.commonest(2 if column.times else 4) if count > 1
        )
        table.add_row(
            column.name or say("(không tên)", "(no name)"),
            told,
            *counts,
            _range(column),
            frequent,
        )
    out.print(table)
    for column in part.columns:
        for line in _nothing(session, column):
            out.print(f"  {line}", markup=False, soft_wrap=True)
    out.print()


def _nothing(session: Session, column: Profile) -> Iterator[str]:
    """What stands for none in a column of times, and what may."""
    say, nothing = session.say, column.nothing
    told = [f"{_short(text)} ×{count}" for text, count in nothing.words.items()]
    told += [
        f"{_short(text)} ×{count} ({say('năm', 'year')} {nothing.years[text]:04})"
        for text, count in nothing.dates.items()
    ]
    if told:
        shown = ", ".join(told)
        yield say(
            f"{column.name}: không có ngày ở {shown}; ghi vào empty của tệp ánh xạ",
            f"{column.name}: no date is meant by {shown}; list it under empty in the mapping",
        )
    if nothing.doubtful:
        shown = ", ".join(f"{_short(text)} ×{count}" for text, count in nothing.doubtful.items())
        yield say(
            f"{column.name}: {shown} có thể nghĩa là không có; nếu đúng thì thêm vào empty",
            f"{column.name}: {shown} may mean none; if so, add it to empty",
        )


def _range(column: Profile) -> str:
    if column.earliest is not None and column.latest is not None:
        least, greatest = _local(column.earliest), _local(column.latest)
    elif (extremes := column.extremes) is not None:
        least, greatest = map(_short, extremes)
    else:
        return ""
    return least if least == greatest else f"{least} … {greatest}"


def _local(instant: int, zone: ZoneInfo = ZONE) -> str:
    return local_time(instant, zone).removesuffix(" 00:00:00")


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _as_dict(session: Session, found: Inspection) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "form": found.form,
        "damage": None if found.damage is None else found.damage.text(session.language),
        "parts": [
            {
                "sheet": part.sheet or None,
                "file": part.written,
                "rows": part.rows,
                "refused": part.refused,
                "notes": [note.text(session.language) for note in part.notes],
                "row": "dossier" if part.guess.row_is_dossier else "event",
                "roles": {role: column.name for role, column in part.guess.roles.items()},
                "columns": [_column(column) for column in part.columns],
            }
            for part in found.parts
        ],
    }


def _column(column: Profile) -> dict[str, Any]:
    least, greatest = column.extremes or (None, None)
    return {
        "name": column.name,
        "values": column.values,
        "empty": column.empty,
        "distinct": column.distinct,
        "approximate": column.approximate,
        "numbers": column.numbers,
        "formats": column.formats,
        "times": column.times,
        "stored_as_time": column.stamps,
        "none": [
            {"value": text, "count": count, "year": column.nothing.years.get(text)}
            for text, count in (column.nothing.words + column.nothing.dates).items()
        ],
        "earliest": None if column.earliest is None else to_rfc3339(column.earliest),
        "latest": None if column.latest is None else to_rfc3339(column.latest),
        "least": least,
        "greatest": greatest,
        "frequent": [{"value": value, "count": count} for value, count in column.commonest(10)],
    }
