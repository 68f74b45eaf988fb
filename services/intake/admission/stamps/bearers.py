"""What senders may, as the database has it now, asked at most once for a request that needs it of many."""

from __future__ import annotations

from services.intake.senders.directory import Directory
from services.intake.senders.sender import bearer_of
from shared.access.bearer import Bearer

__all__ = ["Bearers"]


class Bearers:
    """The senders by name; disabled ones too.

    Args:
        directory: where they are asked for, at the first question.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[str, Bearer] | None = None

    async def find(self, sender: str) -> Bearer | None:
        """What a sender may; None where there is none of this name.

        Raises:
            Problem: 503 the database does not answer.
        """
        if self._known is None:
            self._known = {record.sender: bearer_of(record) for record in await self._directory.senders()}
        return self._known.get(sender)
