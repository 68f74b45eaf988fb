"""What the fields of entry data want, read from the contract's models: the kind of each, which are required. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import AwareDatetime, BaseModel, ValidationError

from motcua.importing.mapping.model import Kind
from motcua.importing.reasons import Reason, reason_of, reason_of_field_errors
from shared.contract.entries import ENTRY_MODELS, UNGRANTED_TYPES, read_sent
from shared.contract.normal_form import Brought, bring_to_form

__all__ = [
    "FILE_TYPES",
    "LARGEST_ENTRY",
    "constant_fault",
    "data_model",
    "fault_of",
    "field_kind",
    "is_list",
    "required_fields",
]

#: Bytes of one entry that intake takes.
LARGEST_ENTRY = 262_144

#: Types a table may give: all but those of the clock, of reference data and of figures from outside.
FILE_TYPES = tuple(name for name in ENTRY_MODELS if name not in UNGRANTED_TYPES)
_DUE_FIELDS = frozenset({"promised_due", "statutory_due", "due"})


@cache
def data_model(type_: str) -> type[BaseModel]:
    """The model of a type's data."""
    annotation = ENTRY_MODELS[type_].model_fields["data"].annotation
    model = next(iter(get_args(annotation)), annotation)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"{type_} has data of an unknown form: {annotation}")
    return model


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


@cache
def field_kind(type_: str, field: str) -> Kind:
    """What a field's value must become."""
    if field in _DUE_FIELDS:
        return "due"
    parts = list(_parts(data_model(type_).model_fields[field].annotation))
    if AwareDatetime in parts:
        return "instant"
    if bool in parts:
        return "boolean"
    return "integer" if int in parts else "text"


def is_list(type_: str, field: str) -> bool:
    """Whether a field holds a list, which no cell can give."""
    return any(
        getattr(part, "__origin__", None) is list for part in _parts(data_model(type_).model_fields[field].annotation)
    )


def required_fields(type_: str) -> list[str]:
    """Fields without which the data are malformed."""
    return [name for name, info in data_model(type_).model_fields.items() if info.is_required()]


def constant_fault(type_: str, field: str, value: object) -> Reason | None:
    """Why a constant does not fit a field, if it does not."""
    try:
        data_model(type_).model_validate({field: value})
    except ValidationError as error:
        found = [one for one in error.errors(include_url=False) if one["loc"][:1] == (field,)]
        return reason_of_field_errors(found, skip=0) if found else None
    return None


def fault_of(entry: dict[str, Any], payload: bytes, brought: Brought) -> Reason | None:
    """Why the door would refuse an entry, if it does.

    Args:
        entry: made of a row.
        payload: its JSON.
        brought: what was found in its data's texts when they were brought to the form they are kept in.
    """
    if len(payload) > LARGEST_ENTRY:
        return Reason("entry_too_large", {"limit": LARGEST_ENTRY})
    # The id is mostly made of what the row names: that is what people look for.
    beside = bring_to_form({name: value for name, value in entry.items() if name != "data"})
    faults = sorted((*beside.faults, *brought.faults), key=lambda one: one.field == "id")
    if faults:
        return reason_of(faults[0])
    try:
        read_sent(payload)
    except ValidationError as error:
        return reason_of_field_errors(error.errors(include_url=False))
    return None
