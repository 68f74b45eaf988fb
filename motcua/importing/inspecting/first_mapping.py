"""A first mapping of an inspected file, commented, to be edited by people.

Copies no values of the file but channels, and those that stand for none.

What was not recognised stands there as a constant or a comment, so that the mapping loads and a dry run shows the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from motcua.importing.columns.nothing import is_null
from motcua.importing.inspecting.guesses import Guess, channel_of, folded
from motcua.importing.inspecting.inspection import Inspection, Part
from motcua.importing.inspecting.profile import Profile
from shared.messages import Language

__all__ = ["first_mapping"]

_DEFAULTS = ("iso",)
_NUMBERS = frozenset({"excel", "unix", "unix_ms"})
#: What stands beside lines of the mapping: (vi, en).
_REMARKS: Final[dict[str, tuple[str, str]]] = {
    "id": ("SỬA: chỉ giữ nếu không trùng giữa hai dòng", "EDIT: keep it only if no two rows share one"),
    "source": ("SỬA: ai nói; khoá phải được dùng tên này", "EDIT: who speaks; the key must be allowed to name it"),
    "row": ("một dòng là một hồ sơ (dossier) hay một sự kiện (event)", "what one row is"),
    "no_dossier": ("SỬA: không nhận ra cột mã hồ sơ", "EDIT: no column of dossier codes was recognised"),
    "zone": ("múi giờ của thời điểm không ghi độ lệch", "of times without offset"),
    "sequence": ("chỉ có ngày: giữ thứ tự dòng", "dates only: rows of one day keep their order"),
    "accepted": ("tiếp nhận", "the receipt"),
    "earliest": ("sự kiện sớm nhất là tiếp nhận", "the first event counts as acceptance"),
    "no_time": ("SỬA: không nhận ra cột thời điểm", "EDIT: no column of times was recognised"),
    "unit": ("SỬA: mã đơn vị tiếp nhận", "EDIT: the code of the unit that accepts"),
    "due": ("ô trống: không hẹn", "empty: no promised date"),
    "channel": ("SỬA: online, postal hoặc direct", "EDIT: online, postal or direct"),
    "map": ("SỬA: giá trị của tệp thành online hoặc postal", "EDIT: what values mean"),
    "default": ("mọi giá trị khác", "whatever else there is"),
    "numbering": ("chỉ là số thứ tự dòng: không dùng", "only numbers the rows: not used"),
    "ended": ("xử lý xong; ô trống: không có mục", "done; an empty cell: no such entry"),
}


def first_mapping(found: Inspection, language: Language = "en") -> str:
    """The text of a mapping file for the file's largest table."""
    return "\n".join(_Writer(found, language).lines()) + "\n"


class _Writer:
    def __init__(self, found: Inspection, language: Language) -> None:
        self._found = found
        self._part: Part = found.main
        self._guess: Guess = self._part.guess
        self._vi = language == "vi"
        used = [self._guess.roles[role] for role in ("accepted", "due", "ended", "time") if role in self._guess.roles]
        self._formats = _common(used)

    def _say(self, vi: str, en: str) -> str:
        return vi if self._vi else en

    def _remark(self, key: str) -> str:
        return "# " + self._say(*_REMARKS[key])

    def lines(self) -> Iterator[str]:
        say, guess, name = self._say, self._guess, self._found.file.name
        yield say(
            f"# Ánh xạ đầu tiên cho {_quoted(name)}, do motcua import --inspect viết.",
            f"# A first mapping of {_quoted(name)}, written by motcua import --inspect.",
        )
        yield say(
            "# Xem lại từng dòng, nhất là dòng có SỬA; rồi chạy với --dry-run.",
            "# Go over it, above all where it says EDIT; then run it with --dry-run.",
        )
        yield "version: 1"
        source = folded(name.split(".")[0]).replace(" ", "-") or "import"
        yield f"source: {_quoted(source)} {self._remark('source')}"
        yield f"row: {'dossier' if guess.row_is_dossier else 'event'} {self._remark('row')}"
        code = guess.roles.get("dossier")
        if code is not None:
            yield f"dossier: {_cell(code.name)}"
        else:
            first = self._first_name()
            yield f"dossier: {_cell(first)} {self._remark('no_dossier')}"
        if self._formats and self._formats != _DEFAULTS:
            yield f"formats: {json.dumps(list(self._formats), ensure_ascii=False)}"
        yield f"# zone: Asia/Ho_Chi_Minh {self._remark('zone')}"
        yield from self._nothing()
        if not guess.row_is_dossier and self._only_dates():
            yield f"sequence: row {self._remark('sequence')}"
        numbering = guess.roles.get("numbering")
        if numbering is not None:
            name_of = _quoted(numbering.name) if numbering.name else say("(không tên)", "(no name)")
            yield f"# {say('cột', 'column')} {name_of}: {self._remark('numbering').removeprefix('# ')}"
        yield from self._file()
        yield ""
        yield "entries:"
        yield from self._accepted()
        yield from self._ended()
        yield from self._step()

    def _nothing(self) -> Iterator[str]:
        """What stands for none in columns of times and in those that are used, and what may."""
        named = self._guess.roles.values()
        used = [column for column in self._part.columns if column.is_time or column in named]
        texts: dict[str, None] = {}
        years: dict[str, int] = {}
        for column in used:
            texts |= dict.fromkeys(column.nothing.texts if column.is_time else filter(is_null, column.sample()))
            years |= column.nothing.years
        if texts:
            told = ", ".join(f"{_plain(text)}: {self._say('năm', 'year')} {year:04}" for text, year in years.items())
            means = self._say("nghĩa là không có", "these mean none")
            yield f"empty: [{', '.join(map(_quoted, texts))}] # {means}{f' ({told})' if told else ''}"
        for column in used:
            for text in column.nothing.doubtful:
                yield self._say(
                    f"# {_plain(text)} ({_plain(column.name)}): nếu nghĩa là không có thì thêm vào empty",
                    f"# {_plain(text)} ({_plain(column.name)}): if it means none, add it to empty",
                )

    def _only_dates(self) -> bool:
        time = self._guess.roles.get("time")
        return time is not None and time.times > 0 and time.with_time_of_day == 0

    def _file(self) -> Iterator[str]:
        written = dict(self._part.written)
        parts = self._found.parts
        if len(parts) > 1:
            wanted = {column.name for column in self._part.columns}
            alike = [part for part in parts if wanted <= {column.name for column in part.columns}]
            written["sheet"] = "*" if len(alike) > 1 else self._part.sheet
        if written:
            yield "file:"
            yield from (f"  {key}: {_quoted(value)}" for key, value in written.items())

    def _first_name(self) -> str:
        numbering = self._guess.roles.get("numbering")
        return next((column.name for column in self._part.columns if column is not numbering), "")

    def _time(self, column: Profile) -> str:
        if self._formats or not column.formats:
            return _cell(column.name)
        return f"{{ column: {_quoted(column.name)}, formats: {json.dumps(column.formats, ensure_ascii=False)} }}"

    def _accepted(self) -> Iterator[str]:
        roles = self._guess.roles
        yield f"  - type: dossier.accepted {self._remark('accepted')}"
        if "accepted" in roles:
            if not self._guess.row_is_dossier:
                yield "    once: true"
            yield f"    time: {self._time(roles['accepted'])}"
        elif "time" in roles:
            yield f"    once: earliest {self._remark('earliest')}"
            yield f"    time: {self._time(roles['time'])}"
        else:
            first = self._first_name()
            yield f"    time: {_cell(first)} {self._remark('no_time')}"
        yield "    data:"
        if "unit" in roles:
            yield f"      unit: {_cell(roles['unit'].name)}"
        else:
            yield f"      unit: {_quoted('UNIT')} {self._remark('unit')}"
        if "procedure" in roles:
            yield f"      procedure: {_cell(roles['procedure'].name)}"
        if "due" in roles:
            yield f"      promised_due: {self._time(roles['due'])} {self._remark('due')}"
        yield from self._channel(roles.get("channel"))

    def _channel(self, column: Profile | None) -> Iterator[str]:
        if column is None:
            yield f"      channel: direct {self._remark('channel')}"
            return
        yield "      channel:"
        yield f"        column: {_quoted(column.name)}"
        known = [(value, channel_of(value)) for value, _ in column.commonest(200)]
        if any(channel for _, channel in known):
            yield f"        map: {self._remark('map')}"
            yield from (f"          {_quoted(value)}: {channel}" for value, channel in known if channel)
        yield f"        default: direct {self._remark('default')}"

    def _ended(self) -> Iterator[str]:
        say, roles = self._say, self._guess.roles
        if "ended" in roles:
            yield ""
            yield f"  - type: dossier.resolved {self._remark('ended')}"
            if not self._guess.row_is_dossier:
                yield "    once: true"
            yield f"    time: {self._time(roles['ended'])}"
        elif "time" in roles and "step" in roles:
            yield ""
            yield f"  # {say('SỬA: sự kiện nào là kết thúc?', 'EDIT: which events are an end?')}"
            yield "  # - type: dossier.resolved"
            yield "  #   once: latest"
            yield f"  #   when: {{ column: {_quoted(roles['step'].name)}, is: [...] }}"
            yield f"  #   time: {self._time(roles['time'])}"

    def _step(self) -> Iterator[str]:
        roles = self._guess.roles
        if self._guess.row_is_dossier or "step" not in roles or "time" not in roles:
            return
        yield ""
        yield "  - type: step.completed"
        yield f"    time: {self._time(roles['time'])}"
        instance = roles.get("instance")
        if instance is not None and instance.each_once:
            yield f"    id: {_cell(instance.name)} {self._remark('id')}"
        yield "    data:"
        yield f"      step: {_cell(roles['step'].name)}"
        if "group" in roles:
            yield f"      unit: {_cell(roles['group'].name)}"


def _common(columns: Sequence[Profile]) -> tuple[str, ...]:
    """Formats for all columns of times; () where some would read another's texts wrongly."""
    union = list(dict.fromkeys(written for column in columns for written in column.formats))
    month_first = [written for written in union if written.startswith(("%m/", "%m-"))]
    if (month_first and len(month_first) < len(union)) or (_NUMBERS & set(union) and len(union) > 1):
        return ()
    return tuple(union)


def _plain(text: str) -> str:
    """A text as a comment can hold it."""
    return " ".join(text.split())


def _cell(name: str) -> str:
    return f"{{ column: {_quoted(name)} }}" if "{" in name or "}" in name else _quoted(f"{{{name}}}")


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | list) else str(value)
