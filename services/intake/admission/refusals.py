"""Why an entry does not fit the contract, in the order a sender can act on: CloudEvents, type, data. Pure.

Linear in what was found, and only the first faults are told with how many more there are: explaining must not hold up
those whose entries are good.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from services.intake.admission.personal import FREE_TEXT, find_personal
from shared.contract.entries import ENTRY_MODELS
from shared.contract.envelope import FIRST_YEAR, LAST_YEAR, Envelope
from shared.problems.field_errors import FieldError, explain, listed
from shared.problems.problem import Problem, from_field_errors

__all__ = ["check_envelope", "explain_faults", "explain_refusal"]


class _AnyEntry(Envelope):
    """The envelope alone, whatever the type and the data."""

    type: str
    data: Any = None


_DUES: Final = frozenset({"promised_due", "statutory_due", "due"})
_ENVELOPE: Final[TypeAdapter[_AnyEntry]] = TypeAdapter(_AnyEntry)


def explain_refusal(error: ValidationError, body: bytes, entry: dict[str, Any]) -> Problem:
    """The problem for an entry that the contract's model refused.

    Args:
        error: what the model said.
        body: the entry's bytes.
        entry: the same, parsed.
    """
    found = error.errors(include_url=False)
    if found[0]["type"] == "json_invalid":
        # The two parsers agree on JSON; what is left is nesting that no entry has.
        return Problem(400, "too_deep")
    personal = next(find_personal(entry), None)
    if personal is not None:
        return Problem(422, "personal_field", field=personal)
    if found[0]["type"].startswith("union_tag"):
        return _no_such_type(body, entry)
    # The attributes first: sorting leaves the order of the data as it is.
    found.sort(key=lambda item: item["loc"][1:2] == ("data",))
    return _problem(explain(found, skip=1), len(found))


def explain_faults(faults: list[FieldError], entry: dict[str, Any], more: int) -> Problem:
    """The problem for an entry with signs that nobody sees, or a code that cannot be asked for.

    Args:
        faults: what was found in its texts; at least one.
        entry: the entry, parsed.
        more: how many there are beside them.
    """
    personal = next(find_personal(entry), None)
    if personal is not None:
        return Problem(422, "personal_field", field=personal)
    return _problem(faults, len(faults) + more)


def check_envelope(body: bytes, entry: dict[str, Any]) -> None:
    """Check the CloudEvents attributes alone.

    Raises:
        Problem: 422 naming the attributes that are missing or wrong, or a personal member.
    """
    personal = next(find_personal(entry), None)
    if personal is not None:
        raise Problem(422, "personal_field", field=personal)
    try:
        _ENVELOPE.validate_json(body, strict=True)
    except ValidationError as error:
        raise _problem(explain(error.errors(include_url=False)), error.error_count()) from None


def _no_such_type(body: bytes, entry: dict[str, Any]) -> Problem:
    try:
        check_envelope(body, entry)
    except Problem as problem:
        return problem
    given = entry["type"]
    near = get_close_matches(given[:64], ENTRY_MODELS, n=3, cutoff=0.6)
    return Problem(422, "unknown_type", field="type", value=given, expected=listed(near or ENTRY_MODELS))


def _problem(errors: list[FieldError], count: int) -> Problem:
    """The problem for the first of so many errors."""
    return from_field_errors(422, [_in_words_of_entries(error) for error in errors], count - len(errors))


def _in_words_of_entries(error: FieldError) -> FieldError:
    """A general field error as the special one it is in an entry."""
    name = error.field.rpartition(".")[2]
    if error.code == "missing_field" and error.field == "data":
        return FieldError("data_missing", "data")
    if name in FREE_TEXT:
        # Members meant for codes hold sentences about people when they are refused: the value is not given back.
        return FieldError(error.code, error.field, None, error.parameters)
    if error.code == "invalid_value" and name in _DUES:
        return FieldError("wrong_due", error.field, error.value)
    if error.code == "invalid_value" and name == "time":
        # The one check of an instant beside its form.
        return FieldError("out_of_range", error.field, error.value, {"limit": f"{FIRST_YEAR}–{LAST_YEAR} (UTC)"})
    if error.code == "invalid_value" and error.field == "data":
        return FieldError("empty_rating", error.field)
    return error
