"""AsyncAPI documents with channels of which each unit has its own; FastStream has no word for them.

Connects to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from faststream.specification import AsyncAPI

__all__ = ["AgencyAsyncAPI"]


class AgencyAsyncAPI(AsyncAPI):
    """A document in which the addresses of some channels contain `{unit}`.

    Args:
        brokers: whose topics it describes.
        of_units: titles of the channels that every agency has.
        words: title, version and description of the document.
    """

    def __init__(self, *brokers: Any, of_units: Sequence[str], **words: Any) -> None:
        super().__init__(*brokers, **words)
        self._of_units = tuple(of_units)

    def to_specification(self) -> Any:
        """The document with the parameter of these channels."""
        made: Any = super().to_specification()
        unit = {"description": "code of the unit, of letters, digits, dots, dashes and _"}
        for name in self._of_units:
            made.channels[name] = made.channels[name].model_copy(update={"parameters": {"unit": unit}})
        return made
