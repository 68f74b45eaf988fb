"""Sends entries made by the command line through intake's batch door, with progress, and shows what was refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import orjson
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from motcua.cli.asking import local_text
from motcua.cli.errors import CommandError
from motcua.cli.reference.loading.dating import BEGINNING, Plan, plan
from motcua.cli.refusals import refusal_lines
from motcua.cli.services import Services
from motcua.cli.session import Session
from motcua.cli.waiting import counting_bar
from shared.instants import parse_instant, to_rfc3339

__all__ = [
    "Refusal",
    "Sending",
    "plan_sending",
    "plan_words",
    "send_entries",
    "show_anew",
    "show_refusals",
    "wait_everywhere",
]

_LINES: Final = 1_000
_SECONDS: Final = 120.0
_TRIES: Final = 20
_SHOWN: Final = 20
Moves = Callable[[int, int], bool]


def _never(_held: int, _wanted: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry intake refused, and its problem document."""

    entry: dict[str, Any]
    problem: dict[str, Any]


@dataclass(slots=True)
class Sending:
    """What became of the entries."""

    accepted: int = 0
    refused: list[Refusal] = field(default_factory=list)


def send_entries(session: Session, services: Services, entries: Sequence[dict[str, Any]], vi: str, en: str) -> Sending:
    """Send entries in their order; those of unknown outcome are sent again, which is harmless.

    Args:
        session: whose language and progress bar.
        services: the running stack.
        entries: in wire form.
        vi: what is being sent, in Vietnamese.
        en: the same in English.

    Raises:
        CommandError: intake cannot be reached, or refuses the request as a whole.
    """
    told = Sending()
    headers = {
        "Authorization": f"Bearer {services.key}",
        "Content-Type": "application/x-ndjson",
        "Accept-Language": session.language,
    }
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        httpx.Client(trust_env=False, timeout=_SECONDS, headers=headers) as client,
        Progress(*columns, console=session.err, transient=True) as bars,
    ):
        task = bars.add_task(session.say(vi, en), total=len(entries))
        for start in range(0, len(entries), _LINES):
            some = entries[start : start + _LINES]
            _send(client, f"{services.address('intake')}/v1/entries:batch", some, told)
            bars.advance(task, len(some))
    return told


def plan_sending(services: Services, entries: Sequence[dict[str, Any]], moves: Moves = _never) -> Plan:
    """What of these reference entries is to be sent beside what the stack holds.

    Args:
        services: the running stack.
        entries: in wire form.
        moves: whether what is known since one instant is to be sent anew as known since another; never by default.
    """
    held: list[dict[str, Any]] = []
    after = None
    while True:
        page = services.get("intake", "/v1/reference", after=after, limit=_LINES)
        held += page["entries"]
        after = page.get("next")
        if after is None:
            return plan(entries, held, moves)


def plan_words(session: Session, made: Plan) -> str:
    """How many entries were sent anew and how many were there already, in brackets after a count; else nothing."""
    words = []
    if made.anew:
        count = len(made.anew)
        words.append(session.say(f"{count} gửi lại với thời điểm mới", f"{count} sent anew with another time"))
    if made.same:
        words.append(session.say(f"{made.same} đã có, không đổi", f"{made.same} there already, the same"))
    return f" ({', '.join(words)})" if words else ""


def show_anew(session: Session, made: Plan, zone: ZoneInfo) -> None:
    """What is known already and sent under the next revision, and since when it was and will be known."""
    for one in made.anew[:_SHOWN]:
        entry = one.entry
        times = [_since(session, time, zone) for time in (one.before, parse_instant(entry["time"]))]
        session.note(
            f"gửi lại, revision {entry['revision']}: {entry['type']} {entry['subject']}, biết từ "
            f"{times[0]} → {times[1]}",
            f"sent anew, revision {entry['revision']}: {entry['type']} {entry['subject']}, known since "
            f"{times[0]} → {times[1]}",
        )
    if len(made.anew) > _SHOWN:
        more = len(made.anew) - _SHOWN
        session.note(f"  và {more} bản ghi khác", f"  and {more} more")


def _since(session: Session, instant: int, zone: ZoneInfo) -> str:
    return session.say("đầu", "the beginning") if instant == BEGINNING else local_text(to_rfc3339(instant), zone)


def _send(client: httpx.Client, url: str, entries: Sequence[dict[str, Any]], told: Sending) -> None:
    waiting = list(entries)
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(1)
        answer = _post(client, url, b"\n".join(orjson.dumps(entry) for entry in waiting))
        if answer is None:
            continue
        again = []
        for result in answer["results"]:
            entry = waiting[result["line"] - 1]
            if result["status"] < 300:
                told.accepted += 1
            elif result["status"] == 503:
                again.append(entry)
            else:
                told.refused.append(Refusal(entry, result["problem"]))
        if not again:
            return
        waiting = again
    raise CommandError(
        f"{len(waiting)} bản ghi chưa được xác nhận; xem `motcua doctor` rồi chạy lại (gửi lại không gây trùng)",
        f"{len(waiting)} entries were not confirmed; see `motcua doctor`, then run again (repeats count once)",
    )


def _post(client: httpx.Client, url: str, body: bytes) -> dict[str, Any] | None:
    """The answer; None where it has to be tried again."""
    try:
        answer = client.post(url, content=body)
    except httpx.TransportError:
        return None
    if answer.status_code == 429:
        time.sleep(min(float(answer.headers.get("Retry-After", 1)), _SECONDS))
    if answer.status_code in (429, 503):
        return None
    if not answer.is_success:
        lines = "\n".join(refusal_lines(answer.json()))
        raise CommandError(lines, lines)
    found: dict[str, Any] = answer.json()
    return found


def show_refusals(session: Session, refused: Sequence[Refusal]) -> None:
    """What intake refused and why, on standard error: the first ones, and how many more."""
    for one in refused[:_SHOWN]:
        what = f"{one.entry['type']} {one.entry['subject']}"
        session.err.print(what, markup=False)
        for line in refusal_lines(one.problem):
            session.err.print(f"  {line}", markup=False, soft_wrap=True)
    if len(refused) > _SHOWN:
        more = len(refused) - _SHOWN
        session.note(f"  và {more} bản ghi khác", f"  and {more} more")


def wait_everywhere(session: Session, services: Services) -> None:
    """Return when every partition has all reference entries, re-projected its dossiers, and the figures show it.

    Raises:
        CommandError: nothing moved for two minutes.
    """
    deadline = time.monotonic() + _SECONDS
    while services.get("intake", "/v1/reference/outbox")["entries"]:
        if time.monotonic() > deadline:
            raise CommandError(
                "có bản ghi tham chiếu chưa tới mọi phân vùng; xem `motcua doctor`",
                "reference entries have not reached every partition; see `motcua doctor`",
            )
        time.sleep(0.2)
    counting_bar(session, services)
