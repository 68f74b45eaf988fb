"""What pydantic found wrong, as problem codes with field, value and parameters. Knows no HTTP."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from shared.problems.forms import form_of

__all__ = [
    "LONGEST_VALUE",
    "MOST_ERRORS",
    "MOST_NAMES",
    "FieldError",
    "cut_words",
    "explain",
    "field_path",
    "listed",
    "shown",
]

#: Characters of a value that are echoed in a problem.
LONGEST_VALUE: Final = 100
#: Errors that a refusal tells, and names of what is allowed; of more it says how many there are.
MOST_ERRORS: Final = 20
MOST_NAMES: Final = 20
#: Characters of one thing that a text names.
_LONGEST_WORD: Final = 1_000

_WRONG_TYPE: Final[dict[str, tuple[str, str]]] = {
    "string": ("một chuỗi ký tự", "a string"),
    "int": ("một số nguyên", "an integer"),
    "float": ("một số", "a number"),
    "bool": ("true hoặc false", "true or false"),
    "list": ("một danh sách", "a list"),
    "dict": ("một đối tượng JSON", "a JSON object"),
    "model": ("một đối tượng JSON", "a JSON object"),
    "dataclass": ("một đối tượng JSON", "a JSON object"),
    "none": ("null", "null"),
}
_LIMITS: Final = {
    "greater_than_equal": ("out_of_range", "≥ {ge}"),
    "greater_than": ("out_of_range", "> {gt}"),
    "less_than_equal": ("out_of_range", "≤ {le}"),
    "less_than": ("out_of_range", "< {lt}"),
    "string_too_long": ("wrong_length", "≤ {max_length}"),
    "string_too_short": ("wrong_length", "≥ {min_length}"),
    "too_long": ("wrong_length", "≤ {max_length}"),
    "too_short": ("wrong_length", "≥ {min_length}"),
}
#: pydantic error type → code, and the parameter of its texts with the member of the context it comes from.
_BY_KIND: Final = {
    "missing": ("missing_field", "", ""),
    "extra_forbidden": ("unknown_field", "", ""),
    "json_invalid": ("not_json", "reason", "error"),
    "literal_error": ("not_allowed_value", "expected", "expected"),
    "enum": ("not_allowed_value", "expected", "expected"),
    "string_pattern_mismatch": ("wrong_form", "form", "pattern"),
}
_BY_START: Final = {"datetime": "wrong_instant", "timezone": "wrong_instant", "date_": "wrong_date"}
#: A text as Python writes it, in either kind of quotes.
_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
#: Where FastAPI says a parameter was; the place is no part of the field's name.
_PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def _no_parameters() -> dict[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: a problem code, the field's path, its value when it may be shown."""

    code: str
    field: str
    value: object = None
    parameters: Mapping[str, object] = dataclasses.field(default_factory=_no_parameters)


def explain(errors: Iterable[Mapping[str, Any]], *, skip: int = 0) -> list[FieldError]:
    """Pydantic's errors as field errors, at most 20.

    Args:
        errors: what `ValidationError.errors()` gives.
        skip: leading parts of each location that are no field names, such as the tag of a union.
    """
    found = []
    for error in errors:
        found.append(_explain_one(error, skip))
        if len(found) == MOST_ERRORS:
            break
    return found


def _explain_one(error: Mapping[str, Any], skip: int) -> FieldError:
    kind = str(error["type"])
    context: Mapping[str, Any] = error.get("ctx") or {}
    location = tuple(error["loc"])[skip:]
    path = field_path(location[1:] if location and location[0] in _PLACES else location)
    code, parameters = _code_of(kind, context, str(error.get("msg", kind)))
    # The value of a member nobody declared may be personal, so only its name is given back.
    value = None if code in ("missing_field", "unknown_field", "not_json") else shown(error.get("input"))
    return FieldError(code, "" if code == "not_json" else path, value, parameters)


def _code_of(kind: str, context: Mapping[str, Any], message: str) -> tuple[str, dict[str, object]]:
    """The problem code for a pydantic error type, and the parameters of its texts."""
    if kind in _LIMITS:
        code, limit = _LIMITS[kind]
        return code, {"limit": limit.format_map(context)}
    if kind in _BY_KIND:
        code, name, key = _BY_KIND[kind]
        return code, _told(name, context.get(key, "")) if name else {}
    for start, code in _BY_START.items():
        if kind.startswith(start):
            return code, {}
    expected = _WRONG_TYPE.get(kind.partition("_")[0])
    if expected is not None:
        return "wrong_type", {"expected_vi": expected[0], "expected_en": expected[1]}
    return "invalid_value", {"reason": str(context.get("error") or message)[: 2 * LONGEST_VALUE]}


def _told(name: str, value: object) -> dict[str, object]:
    """A member of pydantic's context as parameters of texts for people."""
    if name == "form":
        form = form_of(str(value))
        return {"form_vi": form.vi, "form_en": form.en}
    return {name: _values(str(value)) if name == "expected" else value}


def _values(expected: str) -> str:
    """Allowed values as people list them; pydantic quotes them as Python does and puts an "or" before the last."""
    quoted = [one or other for one, other in _QUOTED.findall(expected)]
    return listed(quoted) or expected.replace(" or ", ", ").replace("True", "true").replace("False", "false")


def cut_words(words: Mapping[str, object]) -> dict[str, object]:
    """What a text names, each no longer than anybody reads."""
    return {
        name: value[:_LONGEST_WORD] + "…" if isinstance(value, str) and len(value) > _LONGEST_WORD else value
        for name, value in words.items()
    }


def listed(names: Collection[str]) -> str:
    """Names as people list them: the first 20, each cut to 100 characters, and how many more there are."""
    told = [name if len(name) <= LONGEST_VALUE else name[:LONGEST_VALUE] + "…" for name in islice(names, MOST_NAMES)]
    more = len(names) - len(told)
    return ", ".join(told) + (f", … (+{more})" if more else "")


def field_path(location: Iterable[str | int]) -> str:
    """A field's path as people write it: `data.route[0].unit`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + part[:LONGEST_VALUE]
    return path


def shown(value: object) -> object:
    """A scalar in the form it may be echoed, cut to 100 characters; None for anything bigger than a scalar."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)[:LONGEST_VALUE] if abs(value) < 10**400 else "…"
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124 (NaN)
    if isinstance(value, str):
        clean = value.encode("utf-8", "replace").decode("utf-8")
        return clean if len(clean) <= LONGEST_VALUE else clean[:LONGEST_VALUE] + "…"
    return None
