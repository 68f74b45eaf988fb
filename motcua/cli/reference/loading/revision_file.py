"""A revision file: one or more YAML documents, each the data of one reference entry. Text in, entries out.

What a document is follows from its members: `calendar`, `rule`, `procedure` with `steps` (a route), `procedure` or
`unit`. A calendar file with several versions, or with days of another calendar, is an entry for each version.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import yaml
from pydantic import ValidationError

from shared.calendar.files.calendar_file import versions_of_document
from shared.calendar.vietnam import known_calendars
from shared.contract.entries import ENTRY_ADAPTER
from shared.reference.writing import reference_entry

__all__ = ["RevisionFileError", "read_revision"]

_SUBJECTS: Final = {
    "calendar.revised": "calendar",
    "rule.activated": "rule",
    "route.revised": "procedure",
    "procedure.published": "procedure",
    "unit.revised": "unit",
}
_REVISION: Final = "revision"
#: Members that are text even where they look like a number: 1.000100 is a code.
_TEXTS: Final = frozenset(
    {"calendar", "rule", "procedure", "unit", "parent", "successor", "version", "amount", "step", "role", "to"}
)


class _Loader(yaml.SafeLoader):
    """YAML in which only whole numbers, true, false and null are more than text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]  # the base calls it an instance's


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:merge", r"^(?:<<)$", "<"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


class RevisionFileError(Exception):
    """A document that is no reference entry.

    Args:
        document: its number in the file, from 1.
        path: the member, empty for the whole.
        vi: what is wrong, in Vietnamese.
        en: the same in English.
    """

    def __init__(self, document: int, path: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.document = document
        self.path = path
        self.vi = vi
        self.en = en

    def text(self, language: str) -> str:
        """One line for people."""
        why = self.vi if language == "vi" else self.en
        where = f"{self.path}: " if self.path else ""
        return f"[{self.document}] {where}{why}"


def read_revision(text: str, time: int, *, simulated: bool) -> list[dict[str, Any]]:
    """The reference entries of a revision file.

    Args:
        text: YAML.
        time: since when they are known, UTC microseconds.
        simulated: whether the stack is simulated.

    Raises:
        RevisionFileError: a document is none; names it, the member and the remedy.
    """
    try:
        # A loader of safe types only.
        documents = [one for one in yaml.load_all(text, _Loader) if one is not None]
    except yaml.YAMLError as error:
        raise RevisionFileError(1, "", f"không phải YAML: {error}", f"no YAML: {error}") from error
    if not documents:
        raise RevisionFileError(
            1, "", "tệp trống; viết ít nhất một mục", "the file is empty; write at least one document"
        )
    return [
        _entry(number, one, time, simulated)
        for number, document in enumerate(documents, 1)
        for one in _parts(number, document)
    ]


def _parts(number: int, document: Any) -> list[Any]:
    """What a document stands for: a calendar file for each of its versions, with the days it takes over."""
    if not isinstance(document, dict) or not {"versions", "days_of"} & document.keys() or "calendar" not in document:
        return [document]
    plain = _plain(document)
    revision = {_REVISION: plain.pop(_REVISION)} if _REVISION in plain else {}
    try:
        versions = versions_of_document(plain, known_calendars())
    except ValidationError as error:
        raise _invalid(number, error, ()) from error
    unknown = next((name for name in _taken_over(plain) if name not in known_calendars()), None)
    if unknown is not None:
        raise RevisionFileError(
            number,
            "days_of",
            f"không có lịch {unknown!r}; dùng {', '.join(known_calendars())}",
            f"there is no calendar {unknown!r}; use {', '.join(known_calendars())}",
        )
    return [version.model_dump(mode="json", exclude_defaults=True) | revision for version in versions]


def _taken_over(document: dict[str, Any]) -> list[str]:
    return [one["days_of"] for one in (document, *document.get("versions", ())) if one.get("days_of") is not None]


def _entry(number: int, document: Any, time: int, simulated: bool) -> dict[str, Any]:
    type_ = _type_of(document)
    if type_ is None:
        raise RevisionFileError(
            number,
            "",
            "không rõ loại; cần một trong calendar, rule, procedure (và steps cho tuyến xử lý), unit",
            "of no known kind; one of calendar, rule, procedure (with steps for a route), unit is needed",
        )
    data = _plain(document)
    revision = data.pop(_REVISION, 0)
    subject = str(data[_SUBJECTS[type_]])
    version = str(data.get("version") or data.get("valid_from") or "always")
    if data.get("channel"):
        version += f" {data['channel']}"
    entry = reference_entry(type_, subject, version, time, data, simulated=simulated, revision=revision)
    try:
        ENTRY_ADAPTER.validate_python(entry)
    except ValidationError as error:
        raise _invalid(number, error, (type_, "data")) from error
    return entry


def _invalid(number: int, error: ValidationError, around: tuple[str, ...]) -> RevisionFileError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"] if part not in around)
    return RevisionFileError(number, path, f"không hợp lệ: {first['msg']}", f"not valid: {first['msg']}")


def _type_of(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    for member, type_ in (("calendar", "calendar.revised"), ("rule", "rule.activated")):
        if member in document:
            return type_
    if "procedure" in document:
        return "route.revised" if "steps" in document else "procedure.published"
    return "unit.revised" if "unit" in document else None


def _plain(value: Any, member: str = "") -> Any:
    """Names and codes as text, whatever they look like."""
    if isinstance(value, dict):
        return {str(name): _plain(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, member) for inner in value]
    return str(value) if member in _TEXTS and type(value) is int else value
