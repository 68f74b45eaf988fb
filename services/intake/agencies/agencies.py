"""Units with software of their own: made, listed, disabled and enabled; what an outbox's messages are admitted by.

An agency is a sender named after its unit. Makes no topics: whoever has rights at the broker does (`motcua agency`).
"""

from __future__ import annotations

from services.intake.reference.accepted import AcceptedReference
from services.intake.senders.directory import Directory
from services.intake.senders.sender import AgencyRequest, SenderRecord, bearer_of
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.access.keys import hash_key, new_key
from shared.broker.topics import collides, is_agency_code
from shared.problems.problem import Problem

__all__ = ["Agencies"]


class Agencies:
    """The agencies among the senders.

    Args:
        directory: the senders.
        registry: the units that are registered.
    """

    def __init__(self, directory: Directory, registry: AcceptedReference) -> None:
        self._directory = directory
        self._registry = registry

    async def create(self, request: AgencyRequest) -> tuple[SenderRecord, str]:
        """Make a unit an agency; its sender and its key, which is known to nobody afterwards.

        Topics exist only for registered units; where no unit at all is registered, as in a trial, any code will do.

        Raises:
            Problem: 409 it is one already, or its topics would collide with those of another; 422 the unit is not
                registered, or its code cannot be part of a topic; 503 the database does not answer.
        """
        if not is_agency_code(request.unit):
            raise Problem(422, "agency_code_of_signs", field="unit", value=request.unit)
        other = next((each.agency for each in await self.all() if collides(request.unit, each.agency or "")), None)
        if other is not None:
            raise Problem(409, "agency_collides", field="unit", value=request.unit, other=other)
        try:
            await self._registry.load()
        except StoreAway as error:
            raise Problem(503, "database_away", headers={"Retry-After": "5"}) from error
        units = self._registry.known.units(None)
        if not units.known(request.unit) and units.codes:
            raise Problem(422, "agency_unregistered", field="unit", value=request.unit)
        key = new_key()
        record = SenderRecord(**request.sender.model_dump(), hash=hash_key(key), agency=request.unit)
        if not await self._directory.add(record):
            raise Problem(409, "agency_exists", field="unit", value=request.unit, sender=record.sender)
        return record, key

    async def switch(self, unit: str, *, enabled: bool) -> None:
        """Let an agency send, or nothing more; harmless to repeat.

        Raises:
            Problem: 404 there is none; 503 the database does not answer.
        """
        record = _find(await self._directory.senders(), unit)
        if record is None or not await self._directory.disable(record.sender, disabled=not enabled):
            raise Problem(404, "agency_unknown", field="unit", value=unit)

    async def all(self) -> list[SenderRecord]:
        """The agencies as the database has them now, by unit.

        Raises:
            Problem: 503 the database does not answer.
        """
        return _agencies(await self._directory.senders())

    @property
    def known(self) -> list[SenderRecord]:
        """The agencies as they were read last, by unit; asks no database.

        Raises:
            Problem: 503 they never were.
        """
        return _agencies(self._directory.records)

    async def bearer(self, unit: str) -> Bearer | Problem:
        """What the messages of a unit's outbox are admitted by, or why they are refused.

        Whoever may send is taken at the last reading's word; whoever may not, only at the database's.

        Raises:
            Problem: 503 the database does not answer.
        """
        record = _find(self._directory.records, unit)
        if record is None or record.disabled:
            record = _find(await self._directory.senders(), unit)
        if record is None:
            return Problem(403, "agency_unknown", value=unit)
        return Problem(403, "sender_disabled", value=record.sender) if record.disabled else bearer_of(record)


def _agencies(records: list[SenderRecord]) -> list[SenderRecord]:
    return sorted((record for record in records if record.agency is not None), key=lambda each: each.agency or "")


def _find(records: list[SenderRecord], unit: str) -> SenderRecord | None:
    return next((record for record in records if record.agency == unit), None)
