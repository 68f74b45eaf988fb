"""The command that gives the journal more partitions. How that is done, deploy/operations/growth knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from motcua.cli.errors import FAILURE
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.stack.prune import prune_after_a_switch
from motcua.cli.stack.rebuild import show_false_causes, site_of
from motcua.cli.steps_bar import steps_bar
from shared.clock import SystemClock

if TYPE_CHECKING:
    from deploy.operations.growth.grow import Grown

__all__ = ["grow"]

_STEPS: Final = {
    "quiet": ("chờ các phân vùng ngang nhau", "waiting for equal partitions"),
    "copy": ("chép sang sổ nhật ký mới", "copying to the new journal"),
    "derive": ("suy ra từ sổ nhật ký mới", "deriving from the new journal"),
    "compare": ("đối chiếu", "comparing"),
    "switch": ("chuyển sang", "switching"),
}


def grow(
    context: typer.Context,
    partitions: Annotated[int, typer.Option(min=2, max=1024, help="Số phân vùng mới / partitions from now on.")],
    accept_differences: Annotated[
        bool, typer.Option("--accept-differences", help="Chuyển cả khi có khác biệt / switch in spite of differences.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Copy the journal into its next generation, derive and compare everything, and switch; entries wait meanwhile."""
    session = session_of(context)
    services = Services(session)
    before = services.stack.partitions

    from deploy.operations.growth.grow import Growth

    with steps_bar(session, _STEPS) as told:
        grown = Growth(site_of(session, services), SystemClock(), told).run(
            partitions, accept_differences=accept_differences
        )
    removed = prune_after_a_switch(session, services) if grown.switched else []
    if as_json:
        session.print_json(
            {
                "generation": grown.generation,
                "partitions": grown.partitions,
                "epoch": grown.epoch,
                "records": grown.records,
                "dossiers": grown.comparison.dossiers,
                "differences": grown.comparison.differences,
                "false_causes": grown.comparison.false_causes,
                "sample": [{"code": one.code, "fields": one.fields} for one in grown.comparison.sample],
                "switched": grown.switched,
                "removed": removed,
            }
        )
    else:
        session.mark_simulated(services.stack.simulated)
        _show(session, grown, before)
    if grown.switched and session.elsewhere is not None:
        session.note(
            f"Đặt MOTCUA_PARTITIONS={grown.partitions} MOTCUA_GENERATION={grown.generation} và khởi động lại các dịch "
            "vụ; đến lúc đó bản ghi mới nhận 503 và được gửi lại.",
            f"Set MOTCUA_PARTITIONS={grown.partitions} MOTCUA_GENERATION={grown.generation} and restart the services; "
            "until then new entries get 503 and are sent again.",
        )
    return 0 if grown.switched else FAILURE


def _show(session: Session, grown: Grown, before: int) -> None:
    found = grown.comparison
    session.out.print(
        session.say(
            f"Chép {grown.records} bản ghi từ {before} sang {grown.partitions} phân vùng; "
            f"{found.dossiers} hồ sơ đối chiếu, {found.differences} khác biệt",
            f"{grown.records} records copied from {before} to {grown.partitions} partitions; "
            f"{found.dossiers} dossiers compared, {found.differences} differences",
        )
    )
    for one in found.sample:
        session.out.print(f"  {one.code}: {', '.join(one.fields)}", markup=False)
    show_false_causes(session, found.false_causes)
    if grown.switched:
        line = session.say(
            f"Đang dùng sổ nhật ký thế hệ {grown.generation}, kỷ nguyên {grown.epoch}; "
            "sổ cũ còn nguyên, không nhận thêm.",
            f"Generation {grown.generation} of the journal and epoch {grown.epoch} are live; "
            "the old journal stays as it is and takes nothing more.",
        )
    else:
        line = session.say(
            "Chưa chuyển, sổ cũ nhận bản ghi như trước: xem `motcua dossier MÃ`, hoặc --accept-differences.",
            "Not switched; entries are taken as before: see `motcua dossier CODE`, or --accept-differences.",
        )
    session.out.print(line)
