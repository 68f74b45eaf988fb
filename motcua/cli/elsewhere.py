"""How the replicas of a stack elsewhere are, by their own word. Asks them; knows nothing of their processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import httpx
from rich.table import Table
from rich.text import Text

from motcua.cli.session import Session

if TYPE_CHECKING:
    from motcua.cli.addresses import CommandSettings

__all__ = ["show_elsewhere"]

_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Replica:
    """One replica: `health` is ready, starting (answers, but not ready) or unreachable; `reason` is its own."""

    service: str
    address: str
    health: str
    reason: str


def show_elsewhere(session: Session, settings: CommandSettings, *, as_json: bool) -> bool:
    """Print the health of every replica that variables name; whether all are ready."""
    with httpx.Client(trust_env=False, timeout=_SECONDS, headers={"Accept-Language": session.language}) as client:
        found = [_ask(client, kind, url) for kind, urls in settings.urls().items() for url in urls]
    if as_json:
        session.print_json({"replicas": [asdict(one) for one in found], "ready": _all_ready(found)})
        return _all_ready(found)
    table = Table(box=None, pad_edge=False)
    for vi, en in (("dịch vụ", "service"), ("địa chỉ", "address"), ("sức khỏe", "health"), ("lý do", "reason")):
        table.add_column(session.say(vi, en))
    for one in found:
        colour = "green" if one.health == "ready" else "red"
        table.add_row(one.service, one.address, Text(one.health, style=colour), one.reason)
    session.out.print(table)
    return _all_ready(found)


def _all_ready(found: list[_Replica]) -> bool:
    return all(one.health == "ready" for one in found)


def _ask(client: httpx.Client, kind: str, url: str) -> _Replica:
    try:
        answer = client.get(f"{url}/health/ready")
    except (httpx.TransportError, httpx.InvalidURL) as error:
        return _Replica(kind, url, "unreachable", type(error).__name__)
    if answer.is_success:
        return _Replica(kind, url, "ready", "")
    try:
        told = answer.json()
        reason = " ".join([str(told.get("detail", "")), *map(str, told.get("away", []))]).strip()
    except (ValueError, AttributeError, TypeError):
        reason = f"HTTP {answer.status_code}"
    return _Replica(kind, url, "starting", reason)
