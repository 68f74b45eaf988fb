"""Commands that settle what could not be understood: into the journal, each once, or put aside with a reason."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from motcua.cli.deadletters.door import DeadLetterDoor, Settling, letter_name, letter_path
from motcua.cli.deadletters.words import state_name
from motcua.cli.errors import USAGE, CommandError
from motcua.cli.options import JsonOption
from motcua.cli.refusals import refusal_lines
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of

__all__ = ["LETTER", "ReasonOption", "ServiceOption", "discard", "replay"]

#: How a letter is named.
LETTER = "topic:partition:offset"
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Chỉ mã lý do này / only of this reason.")]
ServiceOption = Annotated[str | None, typer.Option("--service", help="Chỉ thư của dịch vụ này / only of this service.")]
_LetterArgument = Annotated[str | None, typer.Argument(metavar="[LETTER]", help=f"{LETTER}.")]
_AllOption = Annotated[bool, typer.Option("--all", help="Mọi thư chưa giải quyết / all open letters.")]
_YesOption = Annotated[bool, typer.Option("--yes", help="Không hỏi lại / do not ask.")]
_SHOWN = 20
_AT_ONCE = 500
_LINE_SECONDS = 1.0


def replay(
    context: typer.Context,
    *,
    letter: _LetterArgument = None,
    file: Annotated[Path | None, typer.Option(help="Mục đã sửa, JSON / a corrected entry in JSON.")] = None,
    reason: ReasonOption = None,
    service: ServiceOption = None,
    every: _AllOption = False,
    yes: _YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Replay one dead letter, or all open ones of a reason or service; repeating it writes nothing twice."""
    session = session_of(context)
    corrected = None if file is None else _content(file)
    if corrected is not None and letter is None:
        raise CommandError("--file đi với một thư", "--file goes with one letter", USAGE)
    door, chosen = _chosen(session, letter, reason, service, every=every)
    _confirm(session, f"Phát lại {len(chosen)} thư?", f"Replay {len(chosen)} letters?", yes=yes or not chosen)
    told = _each(session, chosen, door.replay_many, _AT_ONCE) if letter is None else [door.replay(letter, corrected)]
    return _report(session, told, "replayed", as_json=as_json)


def discard(
    context: typer.Context,
    *,
    letter: _LetterArgument = None,
    why: Annotated[
        str,
        typer.Option("--why", help="Vì sao bỏ, không nêu tên người / why they are settled so; no names of persons."),
    ],
    reason: ReasonOption = None,
    service: ServiceOption = None,
    every: _AllOption = False,
    yes: _YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Discard one dead letter, or all open ones of a reason or service; they stay listed until they are deleted."""
    session = session_of(context)
    if not why.strip() or len(why) > 200:
        raise CommandError("--why: từ 1 đến 200 ký tự", "--why: 1 to 200 characters", USAGE)
    door, chosen = _chosen(session, letter, reason, service, every=every)
    _confirm(session, f"Bỏ {len(chosen)} thư?", f"Discard {len(chosen)} letters?", yes=yes or not chosen)
    told = _each(session, chosen, lambda some: [door.discard(one, why) for one in some], 1)
    return _report(session, told, "discarded", as_json=as_json)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"--file: {error}", f"--file: {error}", USAGE) from error


def _chosen(
    session: Session, letter: str | None, reason: str | None, service: str | None, *, every: bool
) -> tuple[DeadLetterDoor, list[str]]:
    """The letters somebody named, one or all open ones of a kind."""
    many = every or reason is not None or service is not None
    if (letter is None) != many:
        raise CommandError(
            "nêu một thư, hoặc --reason, --service, --all", "name one letter, or --reason, --service, --all", USAGE
        )
    if letter is not None:
        letter_path(letter)
    door = DeadLetterDoor(session, Services(session))
    if letter is not None:
        return door, [letter]
    return door, [one["id"] for one in door.letters(state="open", reason=reason, service=service)]


def _confirm(session: Session, vi: str, en: str, *, yes: bool) -> None:
    if yes or not sys.stdin.isatty():
        return
    if not typer.confirm(session.say(vi, en), err=True):
        raise typer.Abort


def _each(
    session: Session, chosen: Sequence[str], settle: Callable[[Sequence[str]], list[Settling]], at_once: int
) -> list[Settling]:
    """Settle so many letters at once; how far it is stands on standard error, in lines where nobody sees it change."""
    told: list[Settling] = []
    shown = time.monotonic()
    with session.err.status("…") as spinner:
        for start in range(0, len(chosen), at_once):
            told += settle(chosen[start : start + at_once])
            spinner.update(f"{len(told)}/{len(chosen)}")
            if not session.err.is_terminal and time.monotonic() - shown > _LINE_SECONDS:
                shown = time.monotonic()
                session.note(f"{len(told)}/{len(chosen)} thư", f"{len(told)}/{len(chosen)} letters")
    return told


def _report(session: Session, told: Sequence[Settling], how: str, *, as_json: bool) -> int:
    """What became of the letters; 0 if all are settled."""
    done = [one for one in told if one.answer is not None]
    refused: dict[str, list[Settling]] = {}
    for one in told:
        if one.answer is None and not one.unknown:
            refused.setdefault((one.problem or {}).get("code", "?"), []).append(one)
    unknown = [one for one in told if one.unknown]
    if as_json:
        counts = {code: len(some) for code, some in sorted(refused.items())}
        letters = [{"letter": one.letter, "answer": one.answer, "problem": one.problem} for one in told]
        session.print_json({how: len(done), "refused": counts, "unknown": len(unknown), "letters": letters})
        return int(bool(refused or unknown))
    name = state_name(how, session.language)
    session.out.print(f"{name}: {len(done)}", markup=False)
    for one in done[:_SHOWN]:
        places = (one.answer or {}).get("settled") or {}
        at = ", ".join(letter_name(place) for place in places.get("positions", ()))
        session.out.print(f"  {one.letter}" + (f" → {at}" if at else ""), markup=False, soft_wrap=True)
    for code, some in sorted(refused.items()):
        session.out.print(f"{session.say('vẫn bị từ chối', 'still refused')} ({code}): {len(some)}", markup=False)
        for one in some[:_SHOWN]:
            session.out.print(f"  {one.letter}", markup=False, soft_wrap=True)
            for line in refusal_lines(one.problem or {}):
                session.out.print(f"    {line}", markup=False, soft_wrap=True)
    if unknown:
        session.note(
            f"chưa rõ {len(unknown)} thư: chạy lại, không gây trùng",
            f"not known of {len(unknown)} letters: run it again, nothing is written twice",
        )
        for line in refusal_lines(unknown[0].problem or {}):
            session.err.print(f"  {line}", markup=False, soft_wrap=True)
    return int(bool(refused or unknown))
