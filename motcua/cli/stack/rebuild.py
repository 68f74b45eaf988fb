"""The command that rebuilds all facts in a new epoch beside the live one, shows the comparison, and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli.errors import FAILURE
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.stack.prune import prune_after_a_switch
from motcua.cli.steps_bar import steps_bar
from shared.clock import SystemClock

if TYPE_CHECKING:
    from deploy.operations.epochs.rebuild import Rebuilt
    from deploy.operations.epochs.site import Site

__all__ = ["rebuild", "show_false_causes", "site_of"]

_STEPS = {
    "derive": ("suy ra lại từ sổ nhật ký", "deriving from the journal"),
    "compare": ("đối chiếu", "comparing"),
    "switch": ("chuyển sang", "switching"),
}


def rebuild(
    context: typer.Context,
    accept_differences: Annotated[
        bool, typer.Option("--accept-differences", help="Chuyển cả khi có khác biệt / switch in spite of differences.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Derive a new epoch from offset 0, compare it dossier by dossier, and make it live when nothing differs."""
    session = session_of(context)
    services = Services(session)

    from deploy.operations.epochs.rebuild import Rebuild

    with steps_bar(session, _STEPS) as told:
        done = Rebuild(site_of(session, services), SystemClock(), told).run(accept_differences=accept_differences)
    removed = prune_after_a_switch(session, services) if done.switched else []
    if as_json:
        session.print_json(
            {
                "old": done.old,
                "new": done.new,
                "dossiers": done.comparison.dossiers,
                "petitions": done.comparison.petitions,
                "indicators": done.comparison.indicators,
                "differences": done.comparison.differences,
                "false_causes": done.comparison.false_causes,
                "sample": [{"code": one.code, "fields": one.fields} for one in done.comparison.sample],
                "switched": done.switched,
                "removed": removed,
            }
        )
    else:
        session.mark_simulated(services.stack.simulated)
        _show(session, done)
    if done.switched and session.elsewhere is not None:
        session.note(
            "Khởi động lại processing để nó làm tiếp kỷ nguyên mới (docker compose restart processing processing-2).",
            "Restart processing, and it goes on with that epoch (docker compose restart processing processing-2).",
        )
    return 0 if done.switched else FAILURE


def site_of(session: Session, services: Services) -> Site:
    """The stack of the home folder, or the one that variables name."""
    if session.elsewhere is None:
        from deploy.operations.epochs.site import LocalSite

        return LocalSite(services.local)
    from deploy.operations.epochs.elsewhere import ElsewhereSite

    stack = services.stack
    return ElsewhereSite(
        services.kafka,
        services.key,
        services.mongo,
        services.replicas("intake")[0],
        services.replicas("processing"),
        services.address("metrics"),
        stack.partitions,
        stack.generation,
        {
            "MOTCUA_ZONE": stack.zone,
            "MOTCUA_SIMULATED": str(stack.simulated).lower(),
            "MOTCUA_ENTRY_CAP": str(services.entry_cap),
            "MOTCUA_CODE_FORMS": services.code_forms,
        },
        lambda: list(services.get("intake", "/v1/reference/outbox")["waiting"]),
    )


def _show(session: Session, done: Rebuilt) -> None:
    found = done.comparison
    session.out.print(
        session.say(
            f"Kỷ nguyên {done.old} → {done.new}: đối chiếu {found.dossiers} hồ sơ, {found.petitions} phản ánh, "
            f"kiến nghị và {found.indicators} số liệu nhập, {found.differences} khác biệt",
            f"Epoch {done.old} → {done.new}: {found.dossiers} dossiers, {found.petitions} petitions and "
            f"{found.indicators} entered figures compared, {found.differences} differences",
        )
    )
    for one in found.sample:
        session.out.print(f"  {one.code}: {', '.join(one.fields)}", markup=False)
    show_false_causes(session, found.false_causes)
    if done.switched:
        line = session.say(f"Đang dùng kỷ nguyên {done.new}.", f"Epoch {done.new} is live.")
    else:
        line = session.say(
            "Chưa chuyển: xem `motcua dossier MÃ`, hoặc chạy lại với --accept-differences.",
            "Not switched: look at `motcua dossier CODE`, or run again with --accept-differences.",
        )
    session.out.print(line)


def show_false_causes(session: Session, count: int) -> None:
    """Say that somebody wrote records into the lifecycle topic that name places the journal does not have."""
    if count:
        session.note(
            f"{count} bản ghi trong chủ đề dữ kiện nêu vị trí mà sổ nhật ký không có, nên không ai tin; "
            "tìm xem ai ghi vào đó: `motcua deadletter list --reason cause_beyond_journal`.",
            f"{count} records of the lifecycle topic name places that the journal does not have, so nobody believes "
            "them; see who writes there: `motcua deadletter list --reason cause_beyond_journal`.",
        )
