"""Bytes to one JSON object, refusing what readers of JSON disagree on. Pure; knows nothing of entries.

Members that occur twice, NaN, lone surrogates and bottomless nesting are refused: two readers of the journal would
otherwise see different entries in the same bytes. So are more levels, members and items than any entry has, before
anything looks at each of them: explaining what is wrong with tens of thousands would hold up everybody else.
"""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from shared.problems.problem import Problem
from shared.texts.signs import sign_name

__all__ = ["MOST_LEVELS", "MOST_NAMES", "MOST_VALUES", "parse_object"]

#: Levels of objects and lists, the outermost included; a calendar's hours have six.
MOST_LEVELS: Final = 32
#: Members of one object; an entry's data have a dozen.
MOST_NAMES: Final = 500
#: Members and items of a whole entry, at all levels; the days of a calendar of twelve years, each with its name.
MOST_VALUES: Final = 20_000


class _TwiceError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Only looks for names that occur twice; the values come from the faster parser."""
    if len(pairs) > 1 and len({name for name, _ in pairs}) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _TwiceError(name)
            seen.add(name)


_LOOKER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_int=len, parse_float=len)


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        Problem: 400 not_json, not_an_object, duplicate_member, too_deep, too_many_members, too_many_values.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "recursion" in error.msg:
            raise Problem(400, "too_deep") from error
        reason = error.msg + _half_of_a_sign(error, body) if body.strip() else "empty body"
        raise Problem(400, "not_json", reason=reason) from error
    if not isinstance(parsed, dict):
        raise Problem(400, "not_an_object")
    _check_extent(parsed, body)
    try:
        _LOOKER.decode(body.decode("utf-8"))
    except _TwiceError as error:
        raise Problem(400, "duplicate_member", field=error.name[:100]) from error
    except RecursionError as error:
        raise Problem(400, "too_deep") from error
    return parsed


def _check_extent(parsed: dict[str, Any], body: bytes) -> None:
    """Refuse more levels, members or items than any entry has.

    Every level has a bracket, every value but the first of its level a comma: nearly all entries have fewer of them.
    """
    brackets = body.count(b"{") + body.count(b"[")
    if brackets <= MOST_LEVELS and brackets + body.count(b",") <= MOST_NAMES:
        return
    level: list[Any] = [parsed]
    values = 0
    for _ in range(MOST_LEVELS):
        below: list[Any] = []
        for holder in level:
            values += len(holder)
            if values > MOST_VALUES:
                raise Problem(400, "too_many_values", limit=MOST_VALUES)
            if isinstance(holder, dict):
                if len(holder) > MOST_NAMES:
                    raise Problem(400, "too_many_members", limit=MOST_NAMES)
                below += [member for member in holder.values() if isinstance(member, (dict, list))]
            else:
                below += [item for item in holder if isinstance(item, (dict, list))]
        if not below:
            return
        level = below
    raise Problem(400, "too_deep")


def _half_of_a_sign(error: orjson.JSONDecodeError, body: bytes) -> str:
    """The code point of a lone surrogate, where that is what is wrong: another reader of JSON takes such."""
    if "surrogate" not in error.msg:
        return ""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    return next((f" ({sign_name(sign)})" for sign in text if "\ud800" <= sign <= "\udfff"), "")
