"""The command that revises reference data: shows what would move before, sends, and waits until all is re-projected."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import httpx
import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from motcua.cli.asking import local_text
from motcua.cli.errors import FAILURE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.reference.loading.revision_file import RevisionFileError, read_revision
from motcua.cli.reference.reference_files import dating
from motcua.cli.refusals import refusal_lines
from motcua.cli.sending import plan_sending, plan_words, send_entries, show_anew, show_refusals, wait_everywhere
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import Language
from shared.reference import ReferenceEntry
from shared.reference.changes import describe

__all__ = ["revise", "revision_lines"]

_SECONDS = 900.0
_SHOWN = 20
_COUNTS = (
    ("looked_at", "hồ sơ có thể liên quan", "dossiers that may be concerned"),
    ("dossiers", "hồ sơ thay đổi", "dossiers that change"),
    ("open", "  trong đó chưa kết thúc", "  of them open"),
    ("due_moved", "hạn thay đổi", "due dates that move"),
    ("due_gained", "hồ sơ có hạn, trước không có", "dossiers that get a due date"),
    ("due_lost", "hồ sơ mất hạn", "dossiers that lose their due date"),
    ("become_late", "đã kết thúc, trở thành quá hạn", "ended ones that become late"),
    ("cease_late", "đã kết thúc, không còn quá hạn", "ended ones that cease to be late"),
    ("become_overdue", "chưa kết thúc, trở thành quá hạn", "open ones that become overdue"),
    ("cease_overdue", "chưa kết thúc, không còn quá hạn", "open ones that cease to be overdue"),
)


def revise(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="YAML (docs/guides/reference.md).")],
    at: Annotated[
        str | None, typer.Option(help="Áp dụng cho hồ sơ chưa kết thúc trước ngày / for dossiers not ended before.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem hạn nào thay đổi / only tell which due dates would move.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Send the revisions of a file to every partition; dossiers concerned are projected anew."""
    session = session_of(context)
    services = Services(session)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: không đọc được ({error})", f"{file}: cannot be read ({error})") from error
    times = dating(at, services.stack.zone, by_row=False)
    try:
        entries = read_revision(text, times.since(None), simulated=services.stack.simulated)
    except RevisionFileError as problem:
        raise CommandError(f"{file} {problem.text('vi')}", f"{file} {problem.text('en')}") from problem
    made = plan_sending(services, entries, times.moves)
    entries = made.entries
    for line in revision_lines(entries, session.language):
        session.note(line, line)
    show_anew(session, made, times.zone)
    if at is None and any(_reaches_back(entry, services.stack.zone) for entry in entries):
        session.note(
            "Áp dụng cho hồ sơ chưa kết thúc; hồ sơ đã kết thúc giữ nguyên. Muốn áp dụng cả cho chúng: --at NGÀY",
            "This applies to dossiers not ended yet; those that ended keep what held. For them as well: --at DAY",
        )
    if dry_run:
        found = _preview(session, services, entries)
        if as_json:
            session.print_json(found)
        else:
            _show(session, services, found)
        return 0
    sent = send_entries(session, services, made.send, "gửi", "sending")
    show_refusals(session, sent.refused)
    # Also where all was there already: who sent it may have been killed before it was everywhere.
    if sent.accepted or made.same:
        wait_everywhere(session, services)
    if as_json:
        refused = [one.problem for one in sent.refused]
        session.print_json({"accepted": sent.accepted, **made.as_json(), "refused": refused})
    else:
        session.out.print(
            session.say(
                f"{sent.accepted} sửa đổi đã áp dụng, {len(sent.refused)} bị từ chối",
                f"{sent.accepted} revisions applied, {len(sent.refused)} refused",
            )
            + plan_words(session, made)
        )
    return FAILURE if sent.refused else 0


def revision_lines(entries: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """What the first entries say, a line each, and how many more there are; of what is unfit intake tells why.

    Args:
        entries: reference entries in wire form.
        language: of the lines.
    """
    lines = []
    for entry in entries[:_SHOWN]:
        with suppress(ValueError):
            lines.append(describe(ReferenceEntry.of(orjson.dumps(entry)), language))
    more = len(entries) - _SHOWN
    if more > 0:
        lines.append(f"+ {more}")
    return lines


def _reaches_back(entry: Mapping[str, Any], zone: str) -> bool:
    """Whether an entry is valid from a day before it is known, so that it could be meant for dossiers that ended."""
    valid_from = (entry["data"] or {}).get("valid_from")
    known = datetime.fromisoformat(entry["time"]).astimezone(ZoneInfo(zone)).date()
    return valid_from is not None and date.fromisoformat(str(valid_from)) < known


def _preview(session: Session, services: Services, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What processing says would change; its progress is shown."""
    headers = {"Authorization": f"Bearer {services.key}", "Accept-Language": session.language}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    url = f"{services.replicas('processing')[0]}/v1/revisions:preview"
    with (
        httpx.Client(trust_env=False, timeout=_SECONDS, headers=headers) as client,
        client.stream("POST", url, json={"entries": entries}) as answer,
        Progress(*columns, console=session.err, transient=True) as bars,
    ):
        if not answer.is_success:
            answer.read()
            lines = "\n".join(refusal_lines(answer.json()))
            raise CommandError(lines, lines)
        task = bars.add_task(session.say("tính thử", "trying"), total=None)
        last: dict[str, Any] = {}
        for line in answer.iter_lines():
            if line:
                last = json.loads(line)
                if "done" in last:
                    bars.update(task, completed=last["done"], total=last["of"])
    if "due_moved" not in last:
        raise CommandError("tính thử bị gián đoạn; chạy lại", "the trial was cut off; run it again")
    return last


def _show(session: Session, services: Services, found: dict[str, Any]) -> None:
    session.mark_simulated(services.stack.simulated)
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, vi, en in _COUNTS:
        table.add_row(session.say(vi, en), f"{found[key]}")
    by_days: Counter[int] = Counter()
    for move in found["moves"]:
        by_days[move["days"]] += move["count"]
    for days, count in sorted(by_days.items()):
        table.add_row(session.say(f"  dời {days:+} ngày", f"  by {days:+} days"), f"{count}")
    if found["other_moves"]:
        table.add_row(session.say("  dời khác", "  by others"), f"{found['other_moves']}")
    session.out.print(table)
    zone = ZoneInfo(services.stack.zone)
    for one in found["examples"]:
        both = [one["due_before"], one["due_after"]]
        dues = [None if due is None else local_text(due, zone, both) for due in both]
        session.out.print(f"  {one['code']}: {dues[0] or '-'} → {dues[1] or '-'}", markup=False)
    session.out.print(session.say("Chưa gửi gì.", "Nothing was sent."))
