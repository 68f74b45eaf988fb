"""What a lifecycle record says that agencies may be told. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from pydantic import BaseModel, ValidationError

from services.processing.dispatch.judged import Heard, heard_of
from services.processing.dispatch.petitions import entered_of, told_of
from services.processing.dispatch.reach import Reach
from services.processing.dispatch.wanted import Notice, concerns, notice_of
from shared.contract.bounds import checked_clock
from shared.contract.lifecycle import DossierRow, IndicatorRow, PetitionRow

__all__ = ["News", "read_news"]


class News(NamedTuple):
    """What a record says of a case.

    `key` is the record's, `stands` its row as it stands there, by `model`, and `row` what agencies are told by.
    `concerns`: an agency may be told of it, whatever was told before.
    """

    key: str
    model: type[BaseModel]
    stands: dict[str, Any]
    row: dict[str, Any]
    notices: list[Notice]
    heard: Heard | None
    offset: int
    cause: int
    concerns: bool

    @property
    def whole(self) -> bool:
        """Whether the row is one by the contract, so that telling of it meets nothing unforeseen."""
        try:
            self.model.model_validate(self.stands, strict=False)
        except ValidationError:
            return False
        return True


def read_news(value: bytes, offset: int, reach: Reach) -> News | int:
    """What a record says of a case, or the clock it sets in UTC microseconds.

    Args:
        value: the record's bytes.
        offset: its place.
        reach: who can be told.

    Raises:
        JSONDecodeError, KeyError, TypeError, ValueError, AttributeError: it cannot be told.
    """
    event = orjson.loads(value)
    data = event["data"]
    if event["type"] == "clock.advanced":
        return checked_clock(data["clock"])
    stands = row = data["row"]
    model: type[BaseModel] = DossierRow
    if event["type"] == "petition.changed":
        model, row = PetitionRow, told_of(row)
    elif event["type"] == "indicator.changed":
        model, row = IndicatorRow, entered_of(row)
    notices = [notice for one in data.get("happened") or () if (notice := notice_of(row, one)) is not None]
    heard = heard_of(data.get("entry"))
    concerned = reach.hears(heard) or concerns(row, notices, reach.tasks)
    return News(event["subject"], model, stands, row, notices, heard, offset, int(data["cause"]["offset"]), concerned)
