"""Which members of an entry name something, and how they are brought to the one form in which they are kept.

Codes, units, procedures, steps and names are brought to normal form, so that two texts that look the same are the same
to everybody after the door; `source` and `id` are an entry's identity and stay as they were sent. None may hold a sign
that nobody sees. Which member is which is declared by its type (`Code`, `Unit`, `Name`, ...), never by a list here.

Doors ask this. Readers of the journal do not: what stands there was taken by the rules of its time. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import isclass
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from shared.contract.entries import ENTRY_MODELS
from shared.contract.envelope import NamingText, TextKind
from shared.problems.field_errors import MOST_ERRORS, FieldError
from shared.texts.normal_form import is_plain, normal_form
from shared.texts.signs import odd_sign, sign_name, visible

__all__ = ["Brought", "bring_to_form", "fault_of", "text_members"]

#: Steps of a path to whatever reads an address: a dossier or unit of such a code could never be asked for.
_DOTS: Final = frozenset({".", ".."})


@dataclass(slots=True)
class Brought:
    """What was found in an entry's texts.

    Attributes:
        changed: members that were brought to another form: path and text as sent.
        faults: members that hold a sign nobody sees, or a code that cannot be asked for; the entry is to be refused.
        more: such members beside the first 20.
    """

    changed: list[tuple[str, str]] = field(default_factory=list)
    faults: list[FieldError] = field(default_factory=list)
    more: int = 0

    @property
    def subject(self) -> str | None:
        """The entry's subject as sent, where it is kept in another form."""
        return next((sent for path, sent in self.changed if path == "subject"), None)


@dataclass(frozen=True, slots=True)
class _Object:
    """Members of an object that are texts, or hold some."""

    members: tuple[tuple[str, _Shape], ...]


@dataclass(frozen=True, slots=True)
class _Each:
    """Every item of a list, or every value of a mapping."""

    inner: _Shape


_Shape = TextKind | _Object | _Each


def bring_to_form(entry: dict[str, Any]) -> Brought:
    """Bring the texts of an entry to normal form, in place; what is no entry of the contract is left as it is.

    Args:
        entry: as parsed from JSON; nothing about it need be right.
    """
    found = Brought()
    type_ = entry.get("type")
    shape = _SHAPES.get(type_) if isinstance(type_, str) else None
    if shape is not None:
        _bring(entry, shape, "", found)
    return found


def fault_of(text: str, kind: TextKind, path: str) -> FieldError | None:
    """What is wrong with one text in the form it is kept in, None if nothing is."""
    odd = odd_sign(text)
    if odd is not None:
        place, sign = odd
        return FieldError("odd_sign", path, visible(text), {"sign": sign_name(sign), "place": place + 1})
    if kind == "code" and text in _DOTS:
        return FieldError("code_of_dots", path, text)
    return None


def _is_fit(text: str, kind: TextKind) -> bool:
    return odd_sign(text) is None and not (kind == "code" and text in _DOTS)


def text_members(type_: str) -> Iterator[tuple[str, TextKind]]:
    """The paths of an entry type's texts, such as `data.route[].step`, and what each is."""
    yield from _paths(_SHAPES[type_], "")


def _bring(value: Any, shape: _Shape, path: str, found: Brought) -> Any:
    """The value in the form it is kept in."""
    if isinstance(shape, _Object):
        if isinstance(value, dict):
            for name, inner in shape.members:
                member = value.get(name)
                # Nearly every text is as it should be: nothing but this is done for it.
                if member is not None and not (type(member) is str and is_plain(member) and member not in _DOTS):
                    value[name] = _bring(member, inner, f"{path}.{name}" if path else name, found)
    elif isinstance(shape, _Each):
        if isinstance(value, list):
            value[:] = [_bring(item, shape.inner, f"{path}[{place}]", found) for place, item in enumerate(value)]
        elif isinstance(value, dict):
            for name, member in value.items():
                value[name] = _bring(member, shape.inner, f"{path}.{name}", found)
    elif isinstance(value, str):
        return _brought(value, shape, path, found)
    return value


def _brought(text: str, kind: TextKind, path: str, found: Brought) -> str:
    kept = text if kind == "as_sent" else normal_form(text)
    if len(found.faults) >= MOST_ERRORS:
        # More are counted only: to name their signs would cost more than all the rest of a long entry.
        found.more += not _is_fit(kept, kind)
        return kept
    fault = fault_of(kept, kind, path)
    if fault is not None:
        found.faults.append(fault)
    elif kept != text:
        found.changed.append((path, text))
    return kept


def _shape_of(hint: Any) -> _Shape | None:
    """Where a type has texts that name something; None where it has none."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *declared = get_args(hint)
        return _declared(declared) or _shape_of(base)
    if origin in (Union, UnionType):
        return next((shape for each in get_args(hint) if (shape := _shape_of(each)) is not None), None)
    if origin in (list, dict):
        inner = _shape_of(get_args(hint)[-1])
        return None if inner is None else _Each(inner)
    return _object_of(hint) if isclass(hint) and issubclass(hint, BaseModel) else None


def _object_of(model: type[BaseModel]) -> _Object | None:
    members = []
    for name, info in model.model_fields.items():
        shape = _declared(info.metadata) or _shape_of(info.annotation)
        if shape is not None:
            members.append((name, shape))
    return _Object(tuple(members)) if members else None


def _declared(metadata: list[Any]) -> TextKind | None:
    return next((each.kind for each in metadata if isinstance(each, NamingText)), None)


def _paths(shape: _Shape, path: str) -> Iterator[tuple[str, TextKind]]:
    if isinstance(shape, _Object):
        for name, inner in shape.members:
            yield from _paths(inner, f"{path}.{name}" if path else name)
    elif isinstance(shape, _Each):
        yield from _paths(shape.inner, f"{path}[]")
    else:
        yield path, shape


_SHAPES: Final[dict[str, _Object]] = {
    type_: shape for type_, model in ENTRY_MODELS.items() if (shape := _object_of(model)) is not None
}
