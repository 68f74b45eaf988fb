"""Commands that show what could not be understood: all of it by reason, or one record with what to do about it."""

from __future__ import annotations

import base64
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from motcua.cli.asking import add_rows, checked_choice, local_text, table_of
from motcua.cli.deadletters.door import DeadLetterDoor, letter_name, letter_path
from motcua.cli.deadletters.resuming import resume
from motcua.cli.deadletters.settling import LETTER, ReasonOption, ServiceOption, discard, replay
from motcua.cli.deadletters.words import STATES, entry_in, remedy, shown_bytes, state_name
from motcua.cli.errors import CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of

__all__ = ["deadletter"]

deadletter = Commands(no_args_is_help=True)
for name, command, text in (
    ("replay", replay, "Đưa vào sổ sự kiện đúng một lần / bring entries into the journal, each once."),
    ("discard", discard, "Bỏ thư, có lý do / settle letters without replaying them, with a reason."),
    ("resume", resume, "Cho phân vùng đi tiếp / let a partition go on after a run of dead letters."),
):
    deadletter.command(name, help=text)(command)


@deadletter.callback()
def _deadletter() -> None:
    """Thư chết: bản ghi không hiểu được / what could not be understood."""


@deadletter.command("list", help="Đếm theo lý do, rồi từng thư / counts by reason, then the letters.")
def list_letters(
    context: typer.Context,
    *,
    state: Annotated[str, typer.Option(help=f"{' | '.join(STATES)} | all.")] = "open",
    reason: ReasonOption = None,
    service: ServiceOption = None,
    limit: Annotated[int, typer.Option(min=0, max=100_000, help="Số thư / letters.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show how many dead letters there are by reason, and the ones first seen longest ago."""
    session = session_of(context)
    checked_choice("--state", state, (*STATES, "all"))
    wanted = {"state": None if state == "all" else state, "reason": reason, "service": service}
    services = Services(session)
    door = DeadLetterDoor(session, services)
    summary = door.summary()
    groups = [one for one in summary["groups"] if all(one[key] == value for key, value in wanted.items() if value)]
    letters = list(door.letters(limit, **wanted))
    if as_json:
        session.print_json({**summary, "groups": groups, "letters": letters})
        return
    session.mark_simulated(services.stack.simulated)
    zone = ZoneInfo(services.stack.zone)
    total = sum(one["count"] for one in groups)
    kept = session.say(f"giữ {summary['days']} ngày", f"kept for {summary['days']} days")
    session.out.print(f"{session.say('Thư chết', 'Dead letters')}: {total} · {kept}", markup=False)
    if not groups:
        return
    first, last = session.say("thấy lần đầu", "first seen"), session.say("lần cuối", "last seen")
    why, who, how = (
        session.say("lý do", "reason"),
        session.say("dịch vụ", "service"),
        session.say("tình trạng", "state"),
    )
    table = table_of([why, who, how, first, last], [session.say("số thư", "letters")])
    for one in groups:
        times = [local_text(one[key], zone) for key in ("first_seen", "last_seen")]
        add_rows(
            table, [one["reason"], one["service"], state_name(one["state"], session.language), *times, one["count"]]
        )
    session.out.print(table)
    table = table_of(
        [session.say("thư", "letter"), why, how, first, last], [session.say("số lần", "times seen"), "bytes"]
    )
    for one in letters:
        times = [local_text(one[key], zone) for key in ("first_seen", "last_seen")]
        told = [one["id"], one["reason"], state_name(one["state"], session.language), *times, one["seen"], one["size"]]
        add_rows(table, told)
    session.out.print(table)
    if len(letters) < total:
        session.note(f"còn {total - len(letters)} thư nữa: tăng --limit", f"{total - len(letters)} more: raise --limit")


@deadletter.command("show", help="Nội dung, lý do, cách xử lý / content, reason, what to do.")
def show(
    context: typer.Context,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help=f"{LETTER}.")],
    as_json: JsonOption = False,
) -> None:
    """Show one dead letter: position, reason, times, bytes, and what to do about it."""
    session = session_of(context)
    letter_path(letter)
    services = Services(session)
    found = DeadLetterDoor(session, services).letter(letter)
    value = None if found["value"] is None else base64.b64decode(found["value"])
    entry = entry_in(value)
    fates = _fates(services, entry)
    advice = remedy(found["topic"], found["reason"], session.language)
    if as_json:
        session.print_json({**found, "entry": entry, "fates": fates, "remedy": advice})
        return
    session.mark_simulated(services.stack.simulated)
    zone = ZoneInfo(services.stack.zone)
    size = session.say("không giữ", "not kept") if value is None and found["size"] is not None else found["size"]
    key = None if found["key"] is None else shown_bytes(base64.b64decode(found["key"]))
    rows = [
        (session.say("thư", "letter"), found["id"]),
        (session.say("lý do", "reason"), f"{found['reason']}: {found['detail']} ({found['service']})"),
        (
            session.say("thấy", "seen"),
            f"{found['seen']} × {local_text(found['first_seen'], zone)} … {local_text(found['last_seen'], zone)}",
        ),
        (session.say("tình trạng", "state"), _state_text(session, found, zone)),
        (session.say("khoá", "key"), key),
        ("bytes", size),
    ]
    if found["cut"]:
        rows += _cut_rows(session, found)
    table = table_of(["", ""])
    table.show_header = False
    add_rows(table, *rows)
    session.out.print(table)
    for fate in fates:
        place = f"{fate['subject']} @ {fate['partition']}:{fate['offset']}"
        words = session.say("Mục cùng nguồn và mã đang được tính", "An entry of this source and id counts by now")
        session.out.print(f"{words}: {place} ({fate['state']})", markup=False)
    if value is not None:
        session.out.print(shown_bytes(value), markup=False, soft_wrap=True)
    if entry is not None:
        session.print_json(entry)
    if found["settled"] is None:
        session.out.print(f"→ {advice}", markup=False, soft_wrap=True)


def _cut_rows(session: Session, found: dict[str, Any]) -> list[tuple[str, str]]:
    """What is kept of a value that is too large, and that it cannot be brought in from here."""
    only = session.say(
        "chỉ phần đầu; không phát lại nguyên văn được, chỉ với nội dung đã sửa (replay --file)",
        "the beginning only; it cannot be replayed as it is, only with corrected content (replay --file)",
    )
    kept = [(session.say("giữ lại", "kept"), only)]
    return kept + ([("sha256", found["sha256"])] if found.get("sha256") else [])


def _fates(services: Services, entry: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What became of entries of the same identity, as far as processing can be asked."""
    source, id_ = ((entry or {}).get(name) for name in ("source", "id"))
    if not isinstance(source, str) or not isinstance(id_, str) or not source or not id_:
        return []
    try:
        found: list[dict[str, Any]] = services.get("processing", "/v1/entries", source=source, id=id_)["entries"]
    except CommandError:
        return []
    return found


def _state_text(session: Session, found: dict[str, Any], zone: ZoneInfo) -> str:
    words = state_name(found["state"], session.language)
    settled = found["settled"]
    if settled is None:
        return words
    places = ", ".join(letter_name(one) for one in settled["positions"])
    more = settled["reason"] or f"{session.say('tại', 'at')} {places}"
    corrected = session.say(", nội dung đã sửa", ", corrected") if settled["corrected"] else ""
    return f"{words} {local_text(settled['at'], zone)} ({settled['by']}): {more}{corrected}"
