"""Which units and procedures that a file names nobody has registered at the stack: for an import and its dry run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from motcua.cli.errors import CommandError
from motcua.cli.services import Services
from motcua.cli.session import Session
from motcua.importing.report.names import KINDS, Kind, Names
from shared.messages.base import Text

__all__ = ["Unregistered", "ask_running", "ask_unregistered", "unregistered_lines"]

_PAGE: Final = 1_000
_SHOWN: Final = 5
_WORDS: Final[dict[Kind, Text]] = {
    "unit": Text(
        "{count} đơn vị chưa đăng ký (số bản ghi nhắc tới): {codes}. Chưa có tên và cấp trên của chúng; nạp bằng"
        " `motcua units load`.",
        "Units not registered: {count}, with the entries that name them: {codes}. Their names and parents are unknown;"
        " load them with `motcua units load`.",
    ),
    "procedure": Text(
        "{count} thủ tục chưa đăng ký (số bản ghi nhắc tới): {codes}. Chưa có thời hạn của chúng; nạp bằng"
        " `motcua procedures load`.",
        "Procedures not registered: {count}, with the entries that name them: {codes}. Their terms are unknown; load"
        " them with `motcua procedures load`.",
    ),
}


@dataclass(frozen=True, slots=True)
class Unregistered:
    """Codes that the stack does not know and how many entries name each, the commonest first, by kind."""

    codes: dict[Kind, list[tuple[str, int]]]

    def as_dict(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {
            f"{kind}s": [{kind: code, "entries": count} for code, count in found] for kind, found in self.codes.items()
        }


def ask_running(session: Session, names: Names) -> Unregistered | None:
    """The same of a stack that may not be running: None where none is."""
    try:
        return ask_unregistered(Services(session), names)
    except CommandError:
        return None


def ask_unregistered(services: Services, names: Names) -> Unregistered | None:
    """Ask the stack which units and procedures that entries name it knows; None where it does not say."""
    try:
        return Unregistered(
            {kind: names.unknown(kind, set(_known(services, kind)) if names.named(kind) else set()) for kind in KINDS}
        )
    except CommandError:
        return None


def _known(services: Services, kind: Kind) -> Iterator[str]:
    after = None
    while True:
        page = services.get("intake", "/v1/reference", kind=kind, after=after, limit=_PAGE)
        for entry in page["entries"]:
            if entry["data"] is not None:
                yield entry["data"][kind]
        after = page.get("next")
        if after is None:
            return


def unregistered_lines(session: Session, found: Unregistered | None) -> Iterator[str]:
    """A line for each kind of which some are not registered."""
    for kind, codes in () if found is None else found.codes.items():
        if codes:
            shown = ", ".join(f"{code} ({count})" for code, count in codes[:_SHOWN])
            more = ", …" if len(codes) > _SHOWN else ""
            yield _WORDS[kind].fill(session.language, {"count": len(codes), "codes": shown + more})
