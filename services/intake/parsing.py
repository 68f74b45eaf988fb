"""Bytes to one JSON object, refusing what readers of JSON disagree on. Pure; knows nothing of entries.

Members that occur twice, NaN, lone surrogates and bottomless nesting are refused: two readers of the journal would
otherwise see different entries in the same bytes.
"""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from shared.problems import Problem
from shared.texts.signs import sign_name

__all__ = ["parse_object"]


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
        Problem: 400 not_json, not_an_object, duplicate_member, too_deep.
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
    try:
        _LOOKER.decode(body.decode("utf-8"))
    except _TwiceError as error:
        raise Problem(400, "duplicate_member", field=error.name[:100]) from error
    except RecursionError as error:
        raise Problem(400, "too_deep") from error
    return parsed


def _half_of_a_sign(error: orjson.JSONDecodeError, body: bytes) -> str:
    """The code point of a lone surrogate, where that is what is wrong: another reader of JSON takes such."""
    if "surrogate" not in error.msg:
        return ""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    return next((f" ({sign_name(sign)})" for sign in text if "\ud800" <= sign <= "\udfff"), "")
