"""What the commands that load reference data share: instants, tables of files, problems by row. Sends nothing."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from motcua.cli.dates import parse_date
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.reference.loading.dating import Dating
from motcua.cli.reference.loading.row_problem import RowProblem
from motcua.cli.session import Session
from shared.clock import SystemClock
from shared.instants import local_midnight

__all__ = ["dating", "known_since", "read_table", "show_problems"]

_SHOWN = 20


def dating(at: str | None, zone: str, *, by_row: bool) -> Dating:
    """Since when the entries of a file are known.

    Args:
        at: the day typed at `--at`, None where none was.
        zone: of the stack's day boundaries.
        by_row: without `--at` each is known from the day on from which it is valid, else all are from now on.
    """
    now = SystemClock().now()
    day = parse_date(at, "--at") if at else None
    return Dating(ZoneInfo(zone), now, day, None if by_row else now)


def known_since(text: str | None, zone: str, otherwise: date | None, *, cut: bool = True) -> int:
    """Since when reference data apply: the local midnight of a day, never later than now.

    Args:
        text: a day as typed, None where none was given.
        zone: of the stack's day boundaries.
        otherwise: the day where none was given; None: now.
        cut: False gives a midnight that is still to come as it is.
    """
    day = parse_date(text, "--at") if text else otherwise
    now = SystemClock().now()
    if day is None:
        return now
    midnight = local_midnight(day, ZoneInfo(zone))
    return min(now, midnight) if cut else midnight


def read_table(path: Path, needed: Sequence[str]) -> list[dict[str, str | None]]:
    """The rows of a CSV file, plain or gzipped, in UTF-8.

    Raises:
        CommandError: it cannot be read, or a column is missing.
    """
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, zlib.error, EOFError) as error:
        raise CommandError(
            f"{path}: không đọc được ({error}); cần tệp CSV UTF-8, có thể nén .gz",
            f"{path}: cannot be read ({error}); give a CSV file in UTF-8, gzipped or not",
        ) from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise CommandError(
            f"{path}: thiếu cột {', '.join(missing)}; cần {', '.join(needed)}",
            f"{path}: columns {', '.join(missing)} are missing; needed are {', '.join(needed)}",
            USAGE,
        )
    return list(reader)


def show_problems(session: Session, path: Path, problems: Sequence[RowProblem]) -> list[dict[str, Any]]:
    """Problems row by row on standard error, and as JSON values."""
    for one in problems[:_SHOWN]:
        text = session.say(one.vi, one.en)
        kept = session.say(" (vẫn nạp)", " (loaded without it)") if one.kept else ""
        session.err.print(f"  {path}:{one.line} {one.field}={one.value!r}: {text}{kept}", markup=False)
    if len(problems) > _SHOWN:
        more = len(problems) - _SHOWN
        session.note(f"  và {more} lỗi khác (--json cho đủ)", f"  and {more} more (--json lists all)")
    return [one.as_json() for one in problems]
