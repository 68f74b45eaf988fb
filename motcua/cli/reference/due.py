"""The command that says when a term ends, for one start or a whole file, and why. Needs no service."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, TextIO, get_args
from zoneinfo import ZoneInfo

import typer

from motcua.cli.errors import FAILURE, USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.reference.calendar_choice import calendar_of
from motcua.cli.reference.due_batch import BadRow, parse_start, rows_of, with_dues
from motcua.cli.session import Session, session_of
from shared.calendar import TermError, WorkCalendar, parse_term
from shared.calendar.explanation import NotedDay, TermExplanation, explain_term
from shared.calendar.terms import Term, check_counting
from shared.calendar.vietnam import VN_PUBLIC
from shared.contract.reference import Counting
from shared.instants import to_rfc3339_local
from shared.messages.base import Text

__all__ = ["due"]

_COUNTINGS: Final[tuple[Counting, ...]] = get_args(Counting)


def due(
    context: typer.Context,
    *,
    start: Annotated[
        str | None, typer.Option(help="Thời điểm bắt đầu, hoặc một ngày / the start, or a date.", metavar="INSTANT")
    ] = None,
    term: Annotated[
        str | None,
        typer.Option(help="Thời hạn: '3 ngày làm việc', '8 giờ làm việc' / term: '3 working days', '8 working hours'."),
    ] = None,
    calendar: Annotated[str, typer.Option(help="Tệp lịch hoặc lịch có sẵn / calendar file or name.")] = VN_PUBLIC,
    counting: Annotated[str | None, typer.Option(help="next-day | same-time | hours.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Giải thích từng ngày / tell each day.")] = False,
    batch: Annotated[
        Path | None, typer.Option(help="Tệp CSV có cột start,term / CSV file with columns start,term.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Với --batch: ghi kết quả vào / with --batch: results go to.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say when a term ends, by a calendar and a way of counting; with --batch for every row of a file."""
    session = session_of(context)
    way = _counting(counting)
    # As in the stack of this home, if there is one.
    zone = ZoneInfo(session.zone)
    if batch is not None:
        if start is not None or term is not None or explain or as_json:
            raise CommandError(
                "--batch không đi cùng --start, --term, --explain, --json; bỏ bớt",
                "--batch goes without --start, --term, --explain and --json; leave them out",
                USAGE,
            )
        _batch(session, batch, output, calendar_of(calendar, default=zone), way or "next-day")
        return
    if start is None or term is None or output is not None:
        raise CommandError(
            "cần --start và --term (hoặc --batch TỆP, kèm --output nếu muốn)",
            "--start and --term are needed (or --batch FILE, with --output if wanted)",
            USAGE,
        )
    _one(session, calendar_of(calendar, default=zone), (start, term), way, explain=explain, as_json=as_json)


def _counting(text: str | None) -> Counting | None:
    for known in _COUNTINGS:
        if text == known:
            return known
    if text is None:
        return None
    ways = ", ".join(_COUNTINGS)
    raise CommandError(
        f"--counting: {text!r} không có; dùng {ways}", f"--counting: {text!r} unknown; use {ways}", USAGE
    )


def _one(
    session: Session,
    calendar: WorkCalendar,
    asked: tuple[str, str],
    counting: Counting | None,
    *,
    explain: bool,
    as_json: bool,
) -> None:
    try:
        begun, term = parse_start(calendar, asked[0]), parse_term(asked[1])
        if counting is not None:
            check_counting(term, counting)
        found = explain_term(calendar, begun, term, counting or "next-day")
    except BadRow as error:
        raise CommandError(f"--{error.text.vi}", f"--{error.text.en}", USAGE) from error
    except TermError as error:
        raise CommandError(f"--term: {error.text.vi}", f"--term: {error.text.en}", USAGE) from error
    if as_json:
        session.print_json(_as_json(calendar, term, counting or "next-day", found, explain=explain))
        return
    if explain:
        for line in found.lines:
            typer.echo(session.say(line.vi, line.en))
    else:
        typer.echo(to_rfc3339_local(found.due, calendar.zone))
    for doubt in found.doubts:
        session.note(doubt.vi, doubt.en)


def _as_json(
    calendar: WorkCalendar, term: Term, counting: Counting, found: TermExplanation, *, explain: bool
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "start": to_rfc3339_local(found.start, calendar.zone),
        "term": {"amount": term.text.en.partition(" ")[0], "unit": term.unit},
        "counting": counting,
        "calendar": {"id": calendar.id, "version": calendar.version, "zone": calendar.zone.key},
        "due": to_rfc3339_local(found.due, calendar.zone),
    }
    if found.doubts:
        told["doubts"] = [{"vi": doubt.vi, "en": doubt.en} for doubt in found.doubts]
    if explain:
        told["counted_from"] = to_rfc3339_local(found.counted_from, calendar.zone)
        told["skipped"] = [_day(day) for day in found.skipped]
        told["worked"] = [_day(day) for day in found.worked]
        told["lines"] = [{"vi": line.vi, "en": line.en} for line in found.lines]
    return told


def _day(day: NotedDay) -> dict[str, str]:
    told = {"day": day.day.isoformat(), "reason": day.reason, "name": day.name, "document": day.document}
    told["pair"] = None if day.pair is None else day.pair.isoformat()
    return {name: value for name, value in told.items() if value is not None}


def _batch(session: Session, file: Path, output: Path | None, calendar: WorkCalendar, counting: Counting) -> None:
    if output is not None and output.exists() and file.exists() and output.samefile(file):
        raise CommandError(
            "--output: trùng với --batch; chọn tệp khác", "--output: is the file of --batch; choose another", USAGE
        )
    wrong = 0

    def bad(line: int, text: Text) -> None:
        nonlocal wrong
        wrong += 1
        typer.echo(f"{file}:{line}: {session.say(text.vi, text.en)}", err=True)

    doubtful: Counter[Text] = Counter()
    with rows_of(file) as (rows, delimiter):
        found = with_dues(rows, calendar, counting, bad, doubtful)
        header = next(found)
        with _opened(output) as out:
            writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(found)
    for text, count in doubtful.items():
        session.note(f"{count} dòng: {text.vi}", f"{count} rows: {text.en}")
    if wrong:
        session.note(f"{wrong} dòng lỗi, không có trong kết quả", f"{wrong} bad rows, left out of the result")
        raise typer.Exit(FAILURE)


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Where the result goes: a file, else standard output."""
    if output is None:
        yield sys.stdout
        return
    try:
        opened = output.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(
            f"--output: không ghi được {output} ({error.strerror}); chọn nơi khác",
            f"--output: {output} cannot be written ({error.strerror}); choose another place",
        ) from error
    with opened:
        yield opened
