"""Reference entries in their wire form, as loaders and simulators write them. Sends nothing."""

from __future__ import annotations

from typing import Any, Final

from shared.contract.normal_form import bring_to_form
from shared.instants import to_rfc3339
from shared.texts.normal_form import normal_form

__all__ = ["SOURCE", "reference_entry"]

#: Source of entries made by the command line; the administrator's key speaks for every source.
SOURCE: Final = "motcua/reference"


def reference_entry(
    type_: str,
    subject: str,
    version: str,
    time: int,
    data: dict[str, Any],
    *,
    simulated: bool,
    revision: int = 0,
) -> dict[str, Any]:
    """A reference entry; the same version of the same thing has the same identity, so that loading again does nothing.

    Args:
        type_: such as `unit.revised`.
        subject: what it is about: unit, procedure, calendar or rule.
        version: tells versions of it apart.
        time: since when it is known, UTC microseconds: it applies to dossiers that end later.
        data: as in the contract; members that are None are left out.
        simulated: whether the stack is simulated.
        revision: raised to correct an entry of the same identity.
    """
    # The identity too is made of the texts as they are kept, so that a file typed in another way tells the same.
    subject = normal_form(subject)
    entry: dict[str, Any] = {
        "specversion": "1.0",
        "type": type_,
        "source": SOURCE,
        "id": f"{type_} {subject} {normal_form(version)}",
        "subject": subject,
        "time": to_rfc3339(time),
        "data": {name: value for name, value in data.items() if value is not None},
    }
    bring_to_form(entry)
    if revision:
        entry["revision"] = revision
    if simulated:
        entry["simulated"] = True
    return entry
