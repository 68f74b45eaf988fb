"""Commands about agencies: units with software of their own, which get a key and three topics."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from deploy.local.errors import StackError
from motcua.cli.errors import CommandError
from motcua.cli.front.commands import Commands
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from shared.broker.topics import agency_answers, agency_outbox, agency_tasks

if TYPE_CHECKING:
    from motcua.cli.agencies.agency_topics import AgencyTopics

__all__ = ["agency"]

agency = Commands(no_args_is_help=True)
UnitArgument = Annotated[str, typer.Argument(help="Mã đơn vị / unit code.")]
_AGENCIES: Final = "/v1/agencies"


@agency.callback()
def _agency() -> None:
    """Cơ quan nối phần mềm riêng / agencies with software of their own."""


@agency.command("add", help="Cấp khoá và chủ đề cho đơn vị / give a unit a key and topics.")
def add(
    context: typer.Context,
    unit: UnitArgument,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Nguồn được dùng (mặc định agency/ĐƠN_VỊ) / sources it may use (default: agency/UNIT)."),
    ] = None,
    may_name: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Đơn vị được nêu (mặc định chính nó) / units it may name (default: itself)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a unit an agency: its key, shown this once, and its topics.

    Of one that is an agency already only the missing topics are made, so it may be repeated.
    """
    session = session_of(context)
    services = Services(session)

    import asyncio

    from aiokafka.errors import KafkaError

    from deploy.local.backends.topics import create_agency

    known = {each["unit"] for each in services.get("intake", _AGENCIES)["agencies"]}
    told: dict[str, Any] = {"unit": unit}
    if unit not in known:
        # Intake refuses what cannot have topics, and topics that collide with another agency's.
        wanted = {"unit": unit, "sources": source or [], "units": may_name or []}
        told = services.post("intake", _AGENCIES, wanted)
    try:
        asyncio.run(create_agency(services.kafka, unit, services.stack.replication))
    except (StackError, KafkaError) as error:
        _tell_key(session, told)
        raise CommandError(
            f"Chưa tạo được chủ đề ({error}); chạy lại `motcua agency add {unit}`",
            f"The topics could not be made ({error}); run `motcua agency add {unit}` again",
        ) from error
    told["topics"] = {"outbox": agency_outbox(unit), "tasks": agency_tasks(unit), "answers": agency_answers(unit)}
    told["kafka"] = services.kafka
    if as_json:
        session.print_json(told)
        return
    _tell_key(session, told)
    for name in told["topics"].values():
        session.out.print(name, markup=False)
    if unit in known:
        session.note(
            f"{unit} đã được nối; khoá cũ vẫn dùng được", f"{unit} is an agency already; its key goes on working"
        )
        return
    session.out.print(session.say("Thử ngay:", "Try it:"))
    simulated = " --simulated" if services.stack.simulated else ""
    intake = services.address("intake")
    for line in (
        f"python examples/agency.py --kafka {services.kafka} --unit {unit} --dossiers 3{simulated}",
        f"curl -H 'Authorization: Bearer {told['key']}' {intake}/v1/senders/me",
    ):
        session.out.print(f"  {line}", markup=False, soft_wrap=True)


@agency.command("list", help="Các cơ quan đã nối / the agencies.")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """Who is an agency, what it may, and how far its topics are read and answered."""
    session = session_of(context)
    services = Services(session)

    import asyncio

    from aiokafka.errors import KafkaError

    from motcua.cli.agencies.agency_topics import look

    agencies = services.get("intake", _AGENCIES)["agencies"]
    try:
        topics = asyncio.run(look(services.kafka, [each["unit"] for each in agencies]))
    except KafkaError as error:
        raise CommandError(
            f"Kafka {services.kafka} không trả lời ({type(error).__name__}); xem `motcua status`",
            f"Kafka {services.kafka} does not answer ({type(error).__name__}); see `motcua status`",
        ) from error
    if as_json:
        session.print_json({"agencies": [each | _as_json(each, topics[each["unit"]]) for each in agencies]})
        return
    table = Table(
        session.say("đơn vị", "unit"),
        session.say("trạng thái", "state"),
        session.say("nguồn", "sources"),
        session.say("đơn vị được nêu", "units"),
        session.say("chủ đề", "topics"),
        session.say("chưa đọc", "unread"),
        session.say("mất", "lost"),
        session.say("trả lời gần nhất", "last answer"),
        box=None,
        pad_edge=False,
    )
    for each in agencies:
        of = topics[each["unit"]]
        table.add_row(
            each["unit"],
            session.say("đang nối", "enabled") if each["enabled"] else session.say("tạm ngừng", "disabled"),
            ", ".join(each["sources"]),
            ", ".join(each["units"]),
            session.say("đủ", "all") if not of.missing else session.say("thiếu", "missing"),
            "–" if of.unread is None else str(of.unread),
            str(_lost(each, of)),
            "–" if of.answered_ms is None else f"{_moment(of.answered_ms, services.stack.zone):%Y-%m-%d %H:%M}",
        )
    session.mark_simulated(services.stack.simulated)
    session.out.print(table)
    for each in agencies:
        if lost := _lost(each, topics[each["unit"]]):
            session.note(
                f"{each['unit']}: Kafka đã xoá {lost} thông điệp trước khi được đọc (30 ngày qua): nhờ cơ quan gửi lại "
                "những gì chưa được trả lời",
                f"{each['unit']}: the broker deleted {lost} messages before they were read (last 30 days): let it send "
                "again what was not answered",
            )
        if topics[each["unit"]].missing:
            session.note(
                f"{each['unit']} thiếu chủ đề: chạy `motcua agency add {each['unit']}`",
                f"{each['unit']} has topics missing: run `motcua agency add {each['unit']}`",
            )


@agency.command("disable", help="Ngừng nhận từ một cơ quan / take nothing from an agency.")
def disable(context: typer.Context, unit: UnitArgument, as_json: JsonOption = False) -> None:
    """Refuse an agency's key and outbox; what it sent stays."""
    _switch(session_of(context), unit, as_json=as_json, enabled=False)


@agency.command("enable", help="Nhận lại từ một cơ quan / take from an agency again.")
def enable(context: typer.Context, unit: UnitArgument, as_json: JsonOption = False) -> None:
    """Take what an agency's key and outbox send again; what was refused meanwhile it has to send again."""
    _switch(session_of(context), unit, as_json=as_json, enabled=True)


def _switch(session: Session, unit: str, *, as_json: bool, enabled: bool) -> None:
    word = "enable" if enabled else "disable"
    told = Services(session).post("intake", f"{_AGENCIES}/{unit}/{word}")
    if as_json:
        session.print_json(told)
    elif enabled:
        session.out.print(session.say(f"{unit}: nhận lại", f"{unit}: enabled"), markup=False)
    else:
        session.out.print(session.say(f"{unit}: tạm ngừng", f"{unit}: disabled"), markup=False)


def _tell_key(session: Session, told: dict[str, Any]) -> None:
    if "key" in told:
        label = session.say("khoá (chỉ hiện lần này)", "key (shown this once)")
        session.out.print(f"{label}: {told['key']}", markup=False, soft_wrap=True)


def _lost(told: dict[str, Any], topics: AgencyTopics) -> int:
    """Messages deleted unread: those that intake found gone, and those it will."""
    return int(told.get("lost") or 0) + topics.lost


def _as_json(told: dict[str, Any], topics: AgencyTopics) -> dict[str, Any]:
    return {
        "lost": _lost(told, topics),
        "missing_topics": list(topics.missing),
        "unread": topics.unread,
        "last_answer": None if topics.answered_ms is None else _moment(topics.answered_ms, "UTC").isoformat(),
    }


def _moment(milliseconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, ZoneInfo(zone))
