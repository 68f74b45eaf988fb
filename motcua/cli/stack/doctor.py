"""The command that looks for what is wrong with a stack and says the remedy. Looks only; changes nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import typer

from deploy.local import ports
from deploy.local.backends import jars, prerequisites
from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from motcua.cli.options import JsonOption
from motcua.cli.session import Session, session_of
from motcua.cli.stack.doctoring.asking import ask, ask_at
from motcua.cli.stack.doctoring.codes import alike_codes, odd_codes
from motcua.cli.stack.doctoring.units import wide_keys
from motcua.cli.stack.up import product_version
from shared.broker.topics import journal
from shared.clock import SystemClock
from shared.instants import local_date

__all__ = ["doctor"]

#: Beyond this, a ticker refuses to tick (MOTCUA_CLOCK_TOLERANCE).
_MOST_SKEW = 5.0
_LEAST_DISK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do where it is not well, or will not be for long."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    advice: str = ""


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> int:
    """Check tools, ports, broker, database, services, clock and versions; exit code 1 unless all is well."""
    from rich.text import Text

    session = session_of(context)
    session.only_local()
    local = LocalStack(session.home)
    checks = [*_tools(session), *_stack(session, local), *_calendars(session, local)]
    if as_json:
        session.print_json([asdict(check) for check in checks])
    else:
        session.mark_simulated(local.home.exists() and local.home.load().simulated)
        for check in checks:
            mark = ("✗", "red") if not check.ok else ("!", "yellow") if check.advice else ("✓", "green")
            session.out.print(Text.assemble(mark, " ", (check.name, "bold"), f" {check.found}"), soft_wrap=True)
            for told in (check.remedy if not check.ok else "", check.advice):
                if told:
                    session.out.print(f"    → {told}", markup=False, soft_wrap=True)
    return 0 if all(check.ok for check in checks) else 1


def _tools(session: Session) -> Iterator[Check]:
    say = session.say
    yield _tried("Java", prerequisites.require_java, lambda java: f"{prerequisites.java_version(java)} ({java})")
    ready = (jars.TOOLS / f"kafka-{jars.kafka_version()}").exists()
    if ready:
        yield Check("Maven", ok=True, found=say("không cần, đã có Kafka", "not needed, the broker is there"))
    else:
        yield _tried("Maven", prerequisites.require_maven, str)
    python = ".".join(map(str, sys.version_info[:3]))
    right = sys.version_info[:2] == (3, 11)
    yield Check("Python", right, python, say("dùng Python 3.11: `make setup`", "use Python 3.11: `make setup`"))
    free = shutil.disk_usage(session.home.resolve().parent).free
    yield Check(
        say("đĩa", "disk"),
        free > _LEAST_DISK,
        f"{free / 1e9:.1f} GB",
        say("giải phóng ít nhất 1 GB", "free at least 1 GB"),
    )
    yield Check(
        say("phiên bản", "versions"), ok=True, found=f"motcua {product_version()}, Kafka {jars.kafka_version()}"
    )


def _tried(name: str, require: Callable[[], str], show: Callable[[str], str]) -> Check:
    try:
        return Check(name, ok=True, found=show(require()))
    except StackError as error:
        return Check(name, ok=False, found="-", remedy=error.message)


def _stack(session: Session, local: LocalStack) -> Iterator[Check]:
    say = session.say
    status = local.status()
    if status.phase == "stopped":
        yield Check(say("hệ thống", "stack"), ok=False, found=status.phase, remedy="motcua up")
        yield from _ports(session, local)
        return
    yield Check(
        say("hệ thống", "stack"), status.phase == "running", f"{status.phase} {status.error}".strip(), "motcua up"
    )
    for process in status.processes:
        found = f"{process.health} {process.address}"
        if process.restarts:
            found += f" ({process.restarts} {say('lần khởi động lại', 'restarts')})"
        remedy = _reason(process.address, session.language) if process.health == "starting" else ""
        yield Check(
            process.name, process.health == "ready", found, f"{remedy} · {local.home.log(process.name)}".strip(" ·")
        )
        for note in _notes(process.address, session.language) if process.health == "ready" else ():
            what, _, remedy = note.partition(" → ")
            yield Check(process.name, ok=True, found=what, advice=remedy or str(local.home.log(process.name)))
    yield from _broker(session, local)
    yield from _clock(session, local)
    yield from _dead_letters(session, local)
    yield from _codes(session, local)
    answer = ask(local, "intake", "/v1/senders")
    for line in () if answer is None else wide_keys(answer, session.language):
        remedy = session.say("cấp khoá mới nêu phần đầu chung có dấu *", "make a key that names a beginning with *")
        yield Check(session.say("khoá", "keys"), ok=True, found=line, advice=f"{remedy} (docs/guides/agencies.md)")


def _ports(session: Session, local: LocalStack) -> Iterator[Check]:
    wanted = local.home.load().ports or ports.PREFERRED
    busy = sorted(f"{name} {port}" for name, port in wanted.items() if not ports.is_free(port))
    # A busy port is no trouble: the next free one is taken.
    found = ", ".join(busy) or session.say("còn trống", "free")
    note = session.say(" bận, sẽ dùng cổng kế tiếp", " busy, the next free ones will be taken") if busy else ""
    yield Check(session.say("cổng", "ports"), ok=True, found=found + note)


def _broker(session: Session, local: LocalStack) -> Iterator[Check]:
    import asyncio

    from deploy.local.backends.fence import is_fenced
    from deploy.operations.epochs.reading import ends_of
    from motcua.cli.stack.doctoring.topics import topic_lines

    stack = local.home.load()

    async def ends_within(seconds: float) -> dict[int, int]:
        async with asyncio.timeout(seconds):
            return await ends_of(local.addresses()["kafka"], journal(stack.generation), stack.partitions)

    name = session.say("sổ nhật ký", "journal")
    remedy = session.say("khởi động lại: `motcua down` rồi `motcua up`", "start again: `motcua down`, then `motcua up`")
    try:
        ends = asyncio.run(ends_within(10))
    except Exception as error:  # noqa: BLE001 - whatever the client raises, it is what is wrong
        yield Check(name, ok=False, found=type(error).__name__, remedy=remedy)
        return
    if asyncio.run(is_fenced(local.addresses()["kafka"], journal(stack.generation))):
        found = session.say("bị rào, không nhận bản ghi", "fenced, takes no entries")
        under_way = session.say("`motcua grow` đang chạy, hoặc đã bị ngắt: ", "`motcua grow` runs, or was broken off: ")
        yield Check(name, ok=False, found=found, remedy=under_way + remedy)
        return
    total = sum(ends.values())
    behind = _lag(local, ends)
    found = session.say(f"{total} bản ghi, còn {behind} chưa xử lý", f"{total} entries, {behind} not processed yet")
    yield Check(name, ok=True, found=found)
    for partition, reason in _stopped(local):
        yield Check(f"processing/{partition}", ok=False, found=reason, remedy=str(local.home.log("processing")))
    for line in topic_lines(local.addresses()["kafka"], session.language):
        yield Check(session.say("chủ đề Kafka", "topics"), ok=False, found=line, remedy=remedy)


def _positions(local: LocalStack) -> dict[str, Any]:
    """What processing's replicas tell of the partitions each of them has."""
    found: dict[str, Any] = {}
    for name, address in sorted(local.addresses().items()):
        if name == "processing" or name.removeprefix("processing-").isdigit():
            found |= (ask_at(local, address, "/v1/positions") or {}).get("partitions", {})
    return found


def _lag(local: LocalStack, ends: dict[int, int]) -> int:
    places = _positions(local)
    return sum(max(0, end - (places.get(str(number), {}).get("next") or 0)) for number, end in ends.items())


def _stopped(local: LocalStack) -> list[tuple[str, str]]:
    places = _positions(local).items()
    return [(number, place["reason"] or "stopped") for number, place in places if place["state"] == "stopped"]


def _clock(session: Session, local: LocalStack) -> Iterator[Check]:
    answer = ask(local, "intake", "/v1/clock")
    name = session.say("đồng hồ", "clock")
    if not answer:
        yield Check(name, ok=False, found="-", remedy=str(local.home.log("intake")))
        return
    skew = answer.get("skew_seconds")
    found = f"{answer['mode']}, {session.say('nhịp cuối', 'last tick')} {answer['last_tick'] or '-'}"
    if skew is not None:
        found += f", {session.say('lệch với broker', 'off against the broker')} {skew:+.3f} s"
    remedy = session.say("chỉnh giờ máy (NTP)", "set this machine's clock (NTP)")
    yield Check(name, skew is None or abs(skew) <= _MOST_SKEW, found, remedy)


def _dead_letters(session: Session, local: LocalStack) -> Iterator[Check]:
    """Open ones are no fault of the stack, but what they tell is in no figure."""
    answer = ask(local, "intake", "/v1/deadletters/summary")
    if answer is not None:
        name = session.say("thư chết", "dead letters")
        found = session.say(f"{answer['open']} chưa xử lý", f"{answer['open']} open")
        yield Check(name, ok=True, found=found, advice="motcua deadletter list" if answer["open"] else "")
        forged = sum(one["count"] for one in answer["groups"] if (one["service"], one["state"]) == ("metrics", "open"))
        if forged:
            yield Check(
                session.say("chủ đề nội bộ", "inner topics"),
                ok=False,
                found=session.say(f"{forged} bản ghi sai bị từ chối", f"{forged} false records refused"),
                remedy=session.say(
                    "chỉ processing được ghi vào đó: xem ai ghi (`motcua deadletter list --service metrics`), lấy lại "
                    "quyền ghi, `motcua rebuild` nếu số liệu sai, rồi bỏ các thư (`motcua deadletter discard`)",
                    "only processing writes there: see who did (`motcua deadletter list --service metrics`), take back "
                    "the right to write, `motcua rebuild` if figures differ, then `motcua deadletter discard`",
                ),
            )


def _codes(session: Session, local: LocalStack) -> Iterator[Check]:
    """Codes of an older version, and those that look like another: no fault of the stack, but figures fall apart."""
    for path, lines, vi, en, advice in (
        ("odd-codes", odd_codes, "mã ghi khác dạng chuẩn", "codes in another form", "docs/guides/operations.md"),
        (
            "unregistered",
            alike_codes,
            "mã dễ nhầm",
            "codes that look alike",
            "motcua units load, motcua procedures load",
        ),
    ):
        answer = ask(local, "metrics", f"/v1/{path}")
        for line in () if answer is None else lines(answer, session.language):
            yield Check(session.say(vi, en), ok=True, found=line, advice=advice)


def _calendars(session: Session, local: LocalStack) -> Iterator[Check]:
    """What the calendars lack is no fault of the stack, but due dates of next year hang on it."""
    from motcua.cli.stack.doctor_calendars import missing_days

    zone = ZoneInfo(local.home.load().zone)
    held = [entry for kind in ("calendar", "unit") for entry in _reference(local, kind)]
    missing = missing_days(held, local_date(SystemClock().now(), zone), zone, session.language)
    name = session.say("lịch", "calendars")
    if not missing:
        yield Check(name, ok=True, found=session.say("đủ ngày đã công bố", "announced days are there"))
    for line in missing:
        yield Check(name, ok=True, found=line, advice="motcua revise (docs/guides/deadlines.md)")


def _reference(local: LocalStack, kind: str) -> Iterator[dict[str, Any]]:
    """The reference entries of a kind that hold, as far as processing tells them."""
    path, after = f"/v1/reference?kind={kind}&limit=1000", ""
    while answer := ask(local, "processing", path + after):
        yield from answer["entries"]
        if answer["next"] is None:
            return
        after = f"&after={answer['next']}"


def _reason(address: str, language: str) -> str:
    """What a service that is not ready says is away."""
    try:
        answer = _ready(address, language).json()
    except (httpx.HTTPError, ValueError):
        return ""
    return " ".join(str(answer[key]) for key in ("detail", "remedy") if answer.get(key))


def _ready(address: str, language: str) -> httpx.Response:
    return httpx.get(f"{address}/health/ready", headers={"Accept-Language": language}, trust_env=False, timeout=5)


def _notes(address: str, language: str) -> list[str]:
    """What a service that is ready has to tell all the same; each says after an arrow what to do."""
    if not address.startswith("http"):
        return []  # broker or database
    try:
        answer = _ready(address, language)
    except (httpx.HTTPError, ValueError):
        return []
    return answer.text.splitlines()[1:] if answer.is_success and answer.text.startswith("ready") else []
