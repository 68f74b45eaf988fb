"""Which columns probably hold what a mapping needs, by their names (Vietnamese, English) and what is in them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.files.profile import Profile

__all__ = ["Guess", "channel_of", "folded", "guess_case", "guess_roles", "speaks_of_time"]

#: Names as words without accents; those further left are surer.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "dossier": (
        "ma ho so", "so ho so", "ma hs", "case concept name", "dossier", "case id", "caseid", "case enquiry id",
        "so bien nhan", "ma bien nhan", "request id", "ticket", "ma so", "ma", "id", "code", "case",
    ),
    "accepted": (
        "ngay tiep nhan", "thoi diem tiep nhan", "tiep nhan", "ngay nhan", "nhan", "ngay nop", "case startdate",
        "case start", "open dt", "accepted", "received", "opened", "open", "submitted", "registered", "created",
        "start",
    ),
    "due": (
        "hen tra", "ngay hen", "han tra", "han xu ly", "han giai quyet", "case enddate planned", "case planned",
        "planned", "promised", "target", "due", "deadline", "han",
    ),
    "ended": (
        "ngay tra", "tra ket qua", "ngay ket thuc", "ket thuc", "hoan thanh", "ngay xong", "case enddate", "case end",
        "closed", "resolved", "completed", "finished", "end",
    ),
    "time": (
        "time timestamp", "complete timestamp", "timestamp", "thoi diem", "thoi gian", "ngay gio", "ngay", "date",
        "time",
    ),
    "step": ("concept name", "activity", "buoc", "cong viec", "noi dung", "trang thai", "step", "task", "status"),
    "channel": ("kenh", "hinh thuc nop", "hinh thuc", "cach nop", "case channel", "channel", "source", "submission"),
    "unit": ("don vi", "co quan", "phong ban", "case department", "department", "unit", "agency", "office"),
    "group": ("org group", "group", "phong", "bo phan", "don vi", "department", "unit", "org role"),
    "procedure": ("ma tthc", "ma thu tuc", "thu tuc", "ten thu tuc", "procedure", "service", "type"),
    "instance": ("concept instance", "event id", "eventid", "task id"),
}  # fmt: skip
_OF_TIME = re.compile(r"\b(ngay|gio|thoi|han|hen|date|time|timestamp|dt|opened|closed|deadline|due|start|end)\b")
_ONLINE = re.compile(r"truc tuyen|online|internet|\bweb|\bapp\b|portal|cong dich vu|dvc|e form|email|e mail")
_POSTAL = re.compile(r"buu chinh|buu dien|\bpost|\bmail\b|letter|by mail")
#: Share of different codes among rows from which each row is a dossier of its own, in hundredths.
_DISTINCT_CODES = 95


@dataclass(frozen=True, slots=True)
class Guess:
    """What the columns probably are, by role; a role nobody fills is left out."""

    roles: dict[str, Profile]
    #: Whether one row is one dossier, as opposed to one event.
    row_is_dossier: bool

    def name(self, role: str) -> str | None:
        """The column of a role."""
        column = self.roles.get(role)
        return None if column is None else column.name


def folded(name: str) -> str:
    """A name as words in small letters without accents: `Mã hồ sơ` is `ma ho so`."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def speaks_of_time(name: str) -> bool:
    """Whether a column's name says that it holds times."""
    return _OF_TIME.search(folded(name).replace("startdate", "start").replace("enddate", "end")) is not None


def channel_of(value: str) -> str | None:
    """The channel a value of the source probably means; None for all that is neither online nor by post."""
    words = folded(value)
    if _ONLINE.search(words):
        return "online"
    return "postal" if _POSTAL.search(words) else None


def guess_roles(columns: Sequence[Profile], *, is_log: bool = False) -> Guess:
    """Guess the roles of a table's columns.

    Args:
        columns: profiles of the whole table.
        is_log: the table is a process log, so that a row is an event.
    """
    used: set[str] = set()
    roles: dict[str, Profile] = {}
    times = [column for column in columns if column.formats or column.stamps]
    others = [column for column in columns if column not in times and column.values]

    def fill(role: str, among: Iterable[Profile]) -> None:
        free = [column for column in among if column.name not in used]
        found = _best(_NAMES[role], free)
        if found is not None:
            roles[role] = found
            used.add(found.name)

    fill("dossier", others)
    for role in ("due", "accepted", "ended"):
        fill(role, times)
    code = roles.get("dossier")
    alone = code is not None and 100 * code.distinct >= _DISTINCT_CODES * code.values and "accepted" in roles
    row_is_dossier = alone and not is_log
    if not row_is_dossier:
        fill("time", times)
    for role in ("instance", "step"):
        if not row_is_dossier:
            fill(role, others)
    for role in ("channel", "unit", "group", "procedure"):
        fill(role, others)
    if not {"time", "accepted"} & roles.keys() and (left := [one for one in times if one.name not in used]):
        roles["accepted" if row_is_dossier else "time"] = left[0]
    return Guess(roles, row_is_dossier)


def guess_case(attributes: Iterable[str]) -> str | None:
    """Which attribute of a log's events probably holds their case, by its name; None where none is called so."""
    found = _best(_NAMES["dossier"], [Profile(name) for name in attributes])
    return None if found is None else found.name


def _best(names: Sequence[str], columns: Sequence[Profile]) -> Profile | None:
    """The column whose name is nearest: equal to one of the names, or else has it among its words."""
    words = {column.name: folded(column.name) for column in columns}
    for name in names:
        for column in columns:
            if words[column.name] == name:
                return column
    for name in names:
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        for column in columns:
            if pattern.search(words[column.name]):
                return column
    return None
