"""Due instants of a whole CSV file: each row its start and term, bad rows told one by one. Needs no service.

Rows repeat days and terms, so what was worked out once is kept; nothing is kept of the rows themselves.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from motcua.cli.errors import USAGE, CommandError
from shared.calendar import TermError, WorkCalendar, parse_term, term_due
from shared.calendar.coverage import doubts
from shared.contract.reference import Counting
from shared.instants import MICROSECOND, SECOND, check_year, from_datetime, to_rfc3339_local
from shared.messages.base import Text

__all__ = ["BadRow", "DueColumn", "parse_start", "rows_of", "with_dues"]

#: Answers kept; past it, they are worked out anew.
_KEPT: Final = 200_000
_LONGEST_SHOWN: Final = 100


class Rows(Protocol):
    """What csv.reader gives: rows, and the number of the line read last."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class BadRow(Exception):  # noqa: N818 (told as a sentence)
    """A row without due instant: `text` names field, value and remedy."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


def parse_start(calendar: WorkCalendar, text: str) -> int:
    """A start as people write it, in UTC µs: RFC 3339; without offset in the calendar's zone; a date is its midnight.

    Raises:
        BadRow: it is none, or its year is outside 1900-2199.
    """
    try:
        moment = datetime.fromisoformat(text)
        check_year(moment.year)
    except ValueError as error:
        shown = text[:_LONGEST_SHOWN]
        raise BadRow(
            f"start: {shown!r} không phải thời điểm; viết như 2026-08-21T16:00 hoặc 2026-08-21T16:00:00+07:00",
            f"start: {shown!r} is no instant; write it as 2026-08-21T16:00 or 2026-08-21T16:00:00+07:00",
        ) from error
    if moment.tzinfo is not None:
        return from_datetime(moment)
    return calendar.instant(moment.date(), _wall(moment.time()))


@contextmanager
def rows_of(file: Path) -> Iterator[tuple[Rows, str]]:
    """The rows of a CSV file, and its separator, which is that of its header: comma, semicolon or tab.

    Raises:
        CommandError: the file is empty, cannot be read, or is no CSV; also while its rows are read.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            if not header.strip():
                raise _failure(file, "tệp trống; dòng đầu cần có start,term", "is empty; its first line is start,term")
            delimiter = max(",;\t", key=header.count)
            yield csv.reader(chain((header,), lines), delimiter=delimiter), delimiter
    except UnicodeDecodeError as error:
        raise _failure(file, "không phải UTF-8; lưu lại theo UTF-8", "is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise _failure(file, f"không phải CSV ({error})", f"is no CSV ({error})") from error
    except FileNotFoundError as error:
        raise _failure(file, "không có tệp này; kiểm tra đường dẫn", "is not there; check the path") from error
    except (IsADirectoryError, PermissionError) as error:
        reason = error.strerror or str(error)
        raise _failure(
            file, f"không đọc được ({reason}); chọn tệp khác", f"cannot be read ({reason}); choose another"
        ) from error


class DueColumn:
    """Works out the due instants of rows, in the zone of a calendar.

    Args:
        header: the names of the columns.
        calendar: counts, and has the zone of starts without offset and of the dues.
        counting: how working days are counted.

    Raises:
        CommandError: the header lacks a column.
    """

    def __init__(self, header: list[str], calendar: WorkCalendar, counting: Counting) -> None:
        self._start, self._term = (_column(header, name) for name in ("start", "term"))
        self._width = len(header)
        self._calendar = calendar
        self._counting = counting
        self._known: dict[tuple[str, str], str] = {}
        self._doubts: dict[tuple[str, str], tuple[Text, ...]] = {}
        self._told: dict[int, str] = {}

    def of(self, row: list[str]) -> str:
        """The due instant of a row as text.

        Raises:
            BadRow: it has none; says which field is wrong, its value, and what to write.
        """
        if len(row) != self._width:
            raise BadRow(
                f"dòng có {len(row)} ô, tiêu đề có {self._width}; sửa dòng này",
                f"the row has {len(row)} cells, the header {self._width}; correct it",
            )
        key = (row[self._start], row[self._term])
        text = self._known.get(key)
        if text is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
                self._told.clear()
                self._doubts.clear()
            text = self._known[key] = self._text(*key)
        return text

    def doubts(self, row: list[str]) -> tuple[Text, ...]:
        """What may be wrong with the due instant of a row that has one."""
        return self._doubts.get((row[self._start], row[self._term]), ())

    def _text(self, start: str, term: str) -> str:
        begun = parse_start(self._calendar, start.strip())
        try:
            due = term_due(self._calendar, begun, parse_term(term), self._counting)
        except TermError as error:
            raise BadRow(f"term: {error.text.vi}", f"term: {error.text.en}") from error
        doubtful = tuple(doubts(self._calendar, begun, due))
        if doubtful:
            self._doubts[start, term] = doubtful
        text = self._told.get(due)
        if text is None:
            text = self._told[due] = to_rfc3339_local(due, self._calendar.zone)
        return text


def with_dues(
    rows: Rows,
    calendar: WorkCalendar,
    counting: Counting,
    bad: Callable[[int, Text], None],
    doubtful: Counter[Text],
) -> Iterator[list[str]]:
    """The rows with their due instants in a column of its own, the header first; bad rows are told and left out.

    Args:
        rows: with their header.
        calendar: counts, and has the zone of starts without offset and of the dues.
        counting: how working days are counted.
        bad: told the line of each bad row and what is wrong.
        doubtful: counts the rows by what may be wrong with their due instants.

    Raises:
        CommandError: the header lacks a column.
    """
    header = next(rows)
    column = DueColumn(header, calendar, counting)
    yield [*header, "due"]
    for row in rows:
        if not row:
            continue
        try:
            due = column.of(row)
        except BadRow as error:
            bad(rows.line_num, error.text)
            continue
        doubtful.update(column.doubts(row))
        row.append(due)
        yield row


def _failure(file: Path, vi: str, en: str) -> CommandError:
    return CommandError(f"--batch: {file} {vi}", f"--batch: {file} {en}")


def _column(header: list[str], name: str) -> int:
    found = [place for place, cell in enumerate(header) if cell.strip().lower() == name]
    if len(found) != 1:
        columns = ", ".join(header)[:_LONGEST_SHOWN]
        raise CommandError(
            f"--batch: tiêu đề cần đúng một cột {name!r}, có: {columns}",
            f"--batch: the header needs one column {name!r}, it has: {columns}",
            USAGE,
        )
    return found[0]


def _wall(clock: time) -> int:
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * SECOND + clock.microsecond * MICROSECOND
