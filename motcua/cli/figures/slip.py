"""Commands about who handles a dossier: its routing slip (form 06), and the draft of a written apology (form 04).

Shows what processing answers, and the table of steps that other commands show too. Measures nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from motcua.cli.asking import hours_text, local_text
from motcua.cli.errors import CommandError
from motcua.cli.options import JsonOption
from motcua.cli.services import Services
from motcua.cli.session import Session, session_of
from motcua.cli.words import STATUSES, detail_name
from shared.instants import MINUTE

__all__ = ["CodeArgument", "apology", "ask_processing", "slip", "step_table", "unit_names", "unit_text"]

CodeArgument = Annotated[str, typer.Argument(help="Mã hồ sơ / dossier code.")]

_HEAD: Final = (
    ("procedure", "thủ tục", "procedure"),
    ("unit", "đơn vị chịu trách nhiệm", "accountable unit"),
    ("receiving_unit", "đơn vị tiếp nhận", "receiving unit"),
    ("route_version", "quy trình, phiên bản", "route version"),
    ("accepted_at", "tiếp nhận lúc", "accepted"),
    ("due", "hẹn trả", "due"),
    ("finished_at", "kết thúc lúc", "finished"),
    ("as_of", "tính đến", "as of"),
)
_DRAFT: Final = (
    ("code", "mã hồ sơ", "dossier"),
    ("procedure", "thủ tục", "procedure"),
    ("unit", "đơn vị", "unit"),
    ("due", "hẹn trả", "due"),
    ("days_late", "quá hạn (ngày làm việc)", "late (working days)"),
    ("hours_to_go", "còn lại (giờ)", "still to go (hours)"),
    ("proposed_due", "đề nghị hẹn lại", "new date proposed"),
)
_UNITS: Final = ("unit", "receiving_unit")
_INSTANTS: Final = ("due", "proposed_due", "accepted_at", "finished_at", "as_of")


def slip(context: typer.Context, code: CodeArgument, as_json: JsonOption = False) -> None:
    """Show who had a dossier from when to when, against which budget, who has it now, and whose the delay is."""
    session = session_of(context)
    services = Services(session)
    answer = ask_processing(services, code, "/slip")
    if as_json:
        session.print_json(answer)
        return
    session.mark_simulated(services.stack.simulated)
    _show_slip(session, answer, ZoneInfo(services.stack.zone), unit_names(services))


def apology(context: typer.Context, code: CodeArgument, as_json: JsonOption = False) -> None:
    """Show the draft of an apology for a dossier that will be or is late; says why where there is none."""
    session = session_of(context)
    services = Services(session)
    draft = ask_processing(services, code, "/apology")
    if as_json:
        session.print_json(draft)
        return
    session.mark_simulated(services.stack.simulated)
    zone, names = ZoneInfo(services.stack.zone), unit_names(services)
    session.out.print(
        f"{session.say('Dự thảo thư xin lỗi, mẫu', 'Draft of an apology, form')} {draft['form']}", style="bold"
    )
    told = [one for one in _DRAFT if one[0] != ("hours_to_go" if draft["overdue"] else "days_late")]
    table = _facts(session, draft, told, zone, names)
    blank = session.say("… (đơn vị ghi)", "… (for the unit to fill in)")
    table.add_row(session.say("lý do", "reason"), draft["reason"] or blank)
    session.out.print(table)
    session.out.print(draft["sentence"][session.language], markup=False)


def ask_processing(services: Services, code: str, part: str = "") -> Any:
    """What processing answers about a dossier: the first replica that knows it, each being able to read them all.

    Raises:
        CommandError: none of them gives an answer; the first one's words.
    """
    if code in (".", ".."):
        # The client and every server between would take it for a step of the path, and answer about something else.
        raise CommandError(
            f"Mã {code!r} không tra cứu được: trong địa chỉ, . và .. là bước đi thư mục",
            f"The code {code!r} cannot be looked up: in an address . and .. are steps of a path",
        )
    refused: CommandError | None = None
    for address in services.replicas("processing"):
        try:
            return services.get_at(address, f"/v1/dossiers/{quote(code, safe='')}{part}")
        except CommandError as error:
            refused = refused or error
    raise refused or CommandError(
        "processing không chạy; xem `motcua status`", "processing does not run; see `motcua status`"
    )


def unit_names(services: Services) -> dict[str, str]:
    """Registered names by unit code; none while metrics is away, since codes say enough."""
    with suppress(CommandError, KeyError):
        units = services.get("metrics", "/v1/units")["units"]
        return {one["unit"]: one["unit_name"] for one in units if one.get("unit_name")}
    return {}


def unit_text(session: Session, code: str | None, names: Mapping[str, str]) -> str:
    """A unit for people: its code and its name, as far as known."""
    if code is None:
        return session.say("chưa giao", "unassigned")
    return f"{code} {names[code]}" if code in names else code


def step_table(session: Session, lines: Sequence[Mapping[str, Any]], zone: ZoneInfo, names: Mapping[str, str]) -> Table:
    """Steps as lines of form 06, in the order given.

    Args:
        session: for its language.
        lines: as in the answers about slips and explanations.
        zone: zone of local times.
        names: names of units by code.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for vi, en in (("bước", "step"), ("đơn vị", "unit"), ("từ", "from"), ("đến", "to")):
        table.add_column(session.say(vi, en), overflow="fold")
    for vi, en in (("đã giữ", "held"), ("định mức", "budget"), ("vượt + / còn -", "over + / left -")):
        table.add_column(session.say(vi, en), justify="right", no_wrap=True)
    table.add_column(session.say("kết quả", "outcome"), overflow="fold")
    for line in lines:
        again = f" ({line['occurrence']})" if (line["occurrence"] or 1) > 1 else ""
        table.add_row(
            Text(f"{line['step']}{again}"),
            Text(unit_text(session, line["unit"], names)),
            local_text(line["begun_at"], zone, [line["ended_at"]]),
            local_text(line["ended_at"], zone, [line["begun_at"], line["due"]]),
            hours_text(line["used_us"]),
            "-" if line["budget"] is None else hours_text(line["budget"] * MINUTE),
            _margin(line),
            detail_name(line["outcome"] or line["state"], session.language),
        )
    return table


def _margin(line: Mapping[str, Any]) -> Text:
    """What exceeds the budget, or is left of it; what is over by less than a minute is over all the same."""
    if line["over_us"] is None or line["budget"] is None:
        return Text("-")
    if line["over_us"] > 0:
        return Text(f"+{hours_text(line['over_us'])}" if line["over_us"] >= MINUTE else "+<0:01", style="red")
    return Text(f"-{hours_text(line['budget'] * MINUTE - line['used_us'])}")


def _facts(
    session: Session,
    answer: Mapping[str, Any],
    told: Sequence[tuple[str, str, str]],
    zone: ZoneInfo,
    names: Mapping[str, str],
) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    instants = [answer.get(key) for key, _, _ in told if key in _INSTANTS]
    for key, vi, en in told:
        value = answer.get(key)
        if value is None:
            continue
        shown = local_text(value, zone, instants) if key in _INSTANTS else str(value)
        shown = unit_text(session, value, names) if key in _UNITS else shown
        table.add_row(session.say(vi, en), Text(shown))
    return table


def _show_slip(session: Session, answer: dict[str, Any], zone: ZoneInfo, names: Mapping[str, str]) -> None:
    say, total = session.say, answer["total"]
    status = STATUSES.get(answer["status"], ("?", "?"))[0 if session.language == "vi" else 1]
    session.out.print(say("PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "ROUTING SLIP"), style="bold")
    session.out.print(f"{answer['code']} · {answer['status']} {status}", markup=False)
    session.out.print(_facts(session, answer, _HEAD, zone, names))
    if not answer["lines"]:
        session.out.print(say("Chưa có bước nào.", "No steps yet."))
    else:
        session.out.print(step_table(session, answer["lines"], zone, names))
        session.out.print(say("Thời gian làm việc, giờ:phút.", "Working time, hours:minutes."), style="dim")
    lines = [_holding(session, answer, names)]
    if total["handled_us"] is not None:
        lines.append(
            say(
                f"Tổng: đã xử lý {hours_text(total['handled_us'])}; vượt định mức {hours_text(total['over_us'])}",
                f"Together: handled {hours_text(total['handled_us'])}; over budgets {hours_text(total['over_us'])}",
            )
        )
    if answer["blame"]:
        shares = _whole_minutes([one["delay_us"] for one in answer["blame"]])
        parts = ", ".join(
            f"{unit_text(session, one['unit'], names)} {hours_text(share)}"
            for one, share in zip(answer["blame"], shares, strict=True)
        )
        late = hours_text(total["delay_us"])
        lines.append(say(f"Trễ {late}, trách nhiệm: {parts}", f"Late by {late}, due to: {parts}"))
    for line in lines:
        session.out.print(line, markup=False, highlight=False)


def _whole_minutes(parts: Sequence[int]) -> list[int]:
    """Parts in whole minutes that add up to their sum in whole minutes: what is missing goes to the largest rests."""
    cut = [part - part % MINUTE for part in parts]
    missing = (sum(parts) - sum(cut)) // MINUTE
    order = sorted(range(len(parts)), key=lambda place: -(parts[place] % MINUTE))
    return [part + MINUTE * (place in order[:missing]) for place, part in enumerate(cut)]


def _holding(session: Session, answer: Mapping[str, Any], names: Mapping[str, str]) -> str:
    say = session.say
    if answer["finished_at"] is not None:
        return say("Hồ sơ đã kết thúc.", "The dossier has ended.")
    if answer["accepted_at"] is None:
        return say("Hồ sơ chưa được tiếp nhận.", "The dossier was not accepted.")
    if answer["waiting"]:
        return say("Đang chờ công dân.", "Waiting for the applicant.")
    holders = ", ".join(unit_text(session, unit, names) for unit in answer["holders"])
    return say(f"Đang giữ: {holders}", f"With now: {holders}")
