"""Which columns probably hold what a mapping needs, by their names (Vietnamese, English) and what is in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from motcua.importing.columns.words import Vocabulary, folded, words_of
from motcua.importing.inspecting.profile import Profile

__all__ = ["Guess", "channel_of", "folded", "guess_case", "guess_roles", "only_numbers_rows", "speaks_of_time"]

#: Names as words without accents; those further left are surer.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "dossier": (
        "ma ho so", "so ho so", "ma hs", "case concept name", "dossier", "case id", "case enquiry id",
        "so bien nhan", "ma bien nhan", "request id", "request number", "request no", "sr number", "sr no", "sr id",
        "case number", "case no", "ticket id", "ticket number", "ticket", "unique key", "reference number",
        "tracking number", "ma tra cuu", "ma so", "ma", "id", "code", "case",
    ),
    "accepted": (
        "ngay tiep nhan", "thoi diem tiep nhan", "tiep nhan", "ngay nhan", "nhan", "ngay nop", "ngay tao", "ngay gui",
        "case start date", "case start", "open dt", "accepted", "received", "opened", "open", "submitted", "registered",
        "created", "requested", "request date", "reported", "logged", "entry date", "start",
    ),
    "due": (
        "hen tra", "ngay hen", "han tra", "han xu ly", "han giai quyet", "thoi han", "du kien", "case end date planned",
        "case planned", "planned", "promised", "target", "due", "deadline", "expected", "estimated", "sla", "han",
    ),
    "ended": (
        "ngay tra", "tra ket qua", "ngay ket thuc", "ket thuc", "hoan thanh", "hoan tat", "ngay xong", "ngay dong",
        "case end date", "case end", "closed", "close", "resolved", "completed", "finished", "completion", "resolution",
        "end",
    ),
    "time": (
        "time timestamp", "complete timestamp", "timestamp", "thoi diem", "thoi gian", "ngay gio", "ngay", "date",
        "time",
    ),
    "step": ("concept name", "activity", "buoc", "cong viec", "noi dung", "trang thai", "step", "task", "status"),
    "channel": (
        "kenh", "hinh thuc nop", "hinh thuc", "cach nop", "case channel", "channel", "source", "submission", "origin",
        "method received",
    ),
    "unit": ("don vi", "co quan", "phong ban", "case department", "department", "unit", "agency", "office"),
    "group": ("org group", "group", "phong", "bo phan", "don vi", "department", "unit", "org role"),
    "procedure": (
        "ma tthc", "ma thu tuc", "thu tuc", "ten thu tuc", "procedure", "request type", "service", "type", "category",
    ),
    "instance": ("concept instance", "event id", "task id"),
}  # fmt: skip
#: Words that stand beside those of the names, so that names written as one word can be taken apart.
_BESIDE: Final = (
    "at on by no date time name gio ngay datetime updated modified last desc owner person user sr req reason street"
)
_VOCABULARY: Final = Vocabulary([*(name for names in _NAMES.values() for name in names if name != "ma"), _BESIDE])
_OF_TIME = re.compile(
    r"\b(ngay|gio|thoi|han|hen|date|time|datetime|timestamp|dt|opened|closed|deadline|due|start|end|at)\b"
)
_ONLINE = re.compile(
    r"truc tuyen|online|internet|\bweb|\bapps?\b|portal|cong dich vu|dvc|\be form|email|\be mail|mobile|self service"
    r"|\bopen 311\b|\bopen311\b|\bzalo\b|\bchat\b|\btwitter\b|\bfacebook\b"
)
_POSTAL = re.compile(r"buu chinh|buu dien|\bpost|(?<!voice )\bmail\b|letter|by mail")
#: What staff enters on the spot comes by no citizen's way, whatever device they have in hand.
_STAFF = re.compile(
    r"\b(worker|employee|staff|officer|inspector|internal|crew|field|dispatcher)s?\b"
    r"|\b(can bo|cong chuc|nhan vien|noi bo)\b"
)
#: Words by which a value is online though it speaks of staff, such as those who help at a public computer.
_SURELY_ONLINE = re.compile(r"truc tuyen|cong dich vu|\bdvc")
#: Share of different codes among rows from which each row is a dossier of its own, in hundredths.
_DISTINCT_CODES = 95
#: Names of a column that only numbers the rows, beside none at all and `Unnamed: 0`, which tools write for none.
_NUMBERING: Final = frozenset(
    {"", "stt", "tt", "so thu tu", "thu tu", "index", "row", "row number", "rownum", "no", "nr"}
)


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


def speaks_of_time(name: str) -> bool:
    """Whether a column's name says that it holds times."""
    return _OF_TIME.search(_VOCABULARY.words(name)) is not None


def only_numbers_rows(column: Profile) -> bool:
    """Whether a column counts the rows and says nothing of them: a table's first one, without a name or called so."""
    words = re.sub(r"^unnamed( \d+)*$", "", words_of(column.name))
    return words in _NUMBERING and (column.counts_rows if words else column.rises)


def channel_of(value: str) -> str | None:
    """The channel a value of the source probably means; None for all that is neither online nor by post."""
    words = words_of(value)
    if _STAFF.search(words) and not _SURELY_ONLINE.search(words):
        return None
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
    times = [column for column in columns if column.is_time]
    others = [column for column in columns if column not in times and column.values]
    if columns and only_numbers_rows(columns[0]):
        roles["numbering"] = columns[0]
        others = [column for column in others if column is not columns[0]]

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
    words = {column.name: _VOCABULARY.words(column.name) for column in columns}
    wanted = [_VOCABULARY.words(name) for name in names]
    for name in wanted:
        for column in columns:
            if words[column.name] == name:
                return column
    for name in wanted:
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        for column in columns:
            if pattern.search(words[column.name]):
                return column
    return None
