"""The command that removes epochs nobody needs any more, and says first what it removes; a switch does it by itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.errors import StackError
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of

if TYPE_CHECKING:
    from deploy.operations.epochs.pruning import Pruned, Pruning
    from deploy.operations.epochs.standing import Epoch

__all__ = ["prune", "prune_after_a_switch"]

_STATES = {
    "live": ("đang dùng", "live"),
    "before": ("trước đó, giữ lại", "the one before, kept"),
    "derived": ("đang suy ra hoặc đối chiếu, giữ lại", "being derived or compared, kept"),
    "broken-off": ("bị bỏ dở", "broken off"),
    "old": ("cũ", "old"),
}


def prune(
    context: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ nói sẽ xóa gì / only say what would be removed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi / do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove databases and topics of epochs that nobody needs; the live one and the one before stay."""
    session = session_of(context)
    pruning = _pruning(session, Services(session))
    epochs = pruning.look()
    goes = [one for one in epochs if not one.needed]
    if not as_json:
        _show(session, epochs)
    if dry_run or not goes:
        if as_json:
            session.print_json({"epochs": [_told(one) for one in epochs], "removed": [], "left": []})
        elif not goes:
            session.out.print(session.say("Không có gì để xóa.", "Nothing to remove."))
        return
    if not yes and sys.stdin.isatty():
        numbers = ", ".join(str(one.number) for one in goes)
        if not typer.confirm(session.say(f"Xóa kỷ nguyên {numbers}?", f"Remove epochs {numbers}?"), err=True):
            raise typer.Abort
    numbers_shown = {one.number for one in goes}
    done = pruning.remove(lambda epoch: epoch.number in numbers_shown)
    if as_json:
        left = [one.name for one in done.left]
        session.print_json(
            {"epochs": [_told(one) for one in epochs], "removed": [_told(one) for one in done.removed], "left": left}
        )
    else:
        _show_done(session, done)


def prune_after_a_switch(session: Session, services: Services) -> list[int]:
    """Remove what the switch has made needless; numbers of the epochs. A failure is told and changes nothing else."""
    try:
        done = _pruning(session, services).after_a_switch()
    except StackError as error:
        session.note(
            f"Chưa xóa được kỷ nguyên cũ: {error.text('vi')}", f"Old epochs were not removed: {error.text('en')}"
        )
        return []
    if done.removed or done.left:
        _show_done(session, done, as_note=True)
    return [one.number for one in done.removed]


def _pruning(session: Session, services: Services) -> Pruning:
    from deploy.operations.epochs.pruning import Pruning

    if session.elsewhere is not None:
        return Pruning(services.kafka, services.mongo)
    return Pruning(services.kafka, services.mongo, lambda: _kept_to(services))


def _kept_to(services: Services) -> set[int]:
    """Epochs that the supervisor keeps a process to."""
    names = [str(item["name"]) for item in services.local.request("status")["processes"]]
    return {int(number) for name in names if (number := name.removeprefix("processing-e")) != name}


def _told(epoch: Epoch) -> dict[str, Any]:
    return {
        "epoch": epoch.number,
        "state": epoch.state,
        "topics": list(epoch.topics),
        "databases": list(epoch.databases),
    }


def _show(session: Session, epochs: list[Epoch]) -> None:
    for one in epochs:
        vi, en = _STATES[one.state]
        session.out.print(
            session.say(f"Kỷ nguyên {one.number}: {vi}", f"Epoch {one.number}: {en}")
            + ("" if one.needed else session.say(", sẽ xóa:", ", goes:"))
        )
        if not one.needed:
            for name in (*one.databases, *one.topics):
                session.out.print(f"  {name}", markup=False)


def _show_done(session: Session, done: Pruned, *, as_note: bool = False) -> None:
    numbers = ", ".join(str(one.number) for one in done.removed)
    if numbers:
        vi, en = f"Đã xóa kỷ nguyên cũ: {numbers}.", f"Old epochs removed: {numbers}."
        if as_note:
            session.note(vi, en)
        else:
            session.out.print(session.say(vi, en))
    for one in done.left:
        session.note(one.vi, one.en)
