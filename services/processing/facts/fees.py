"""Fees and taxes of one dossier: whether it has any, whether an amount is known, whether they were paid online. Pure.

Readings (rule version 766-2026): a fact is the time of the earliest entry that says so, also before the acceptance and
after the finish, and nothing takes it back but a revision. What fees do to clock and status is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from services.processing.record import EntryRecord
from shared.populations.dossiers import GATEWAYS

__all__ = ["NO_FEES", "Fees", "fees_of"]

_KINDS: Final = frozenset(("dossier.fee_requested", "dossier.fee_paid"))


class Fees(NamedTuple):
    """Instants in UTC microseconds; None: never.

    `duty`: there is something to pay. `amount`: an amount above 0 was told. `paid_online`: it was paid by a `gateway`.
    """

    duty: int | None = None
    amount: int | None = None
    paid_online: int | None = None
    gateway: str | None = None


NO_FEES: Final = Fees()


def fees_of(acting: Sequence[EntryRecord], accepted_at: int | None, *, of_procedure: bool) -> Fees:
    """What the entries say of fees.

    There is a duty from the earliest request or payment that is not of amount 0. Of a procedure with a fee from the
    acceptance on, be there entries or none; but if all there are say 0, there is none.

    Args:
        acting: the entries that may act, in their order.
        accepted_at: the acceptance; None while it is not accepted.
        of_procedure: whether the version of the procedure at the receipt has a fee.
    """
    told = [entry for entry in acting if entry.type in _KINDS]
    if not told:
        return Fees(accepted_at) if of_procedure else NO_FEES
    owed = [entry for entry in told if _amount(entry) != 0]
    if not owed:
        return NO_FEES
    duty = owed[0].time
    if of_procedure and accepted_at is not None:
        duty = min(duty, accepted_at)
    amount = next((entry.time for entry in owed if _amount(entry) is not None), None)
    online = next((entry for entry in owed if _gateway(entry) in GATEWAYS), None)
    if online is None:
        return Fees(duty, amount)
    return Fees(duty, amount, online.time, _gateway(online))


def _amount(entry: EntryRecord) -> int | None:
    """What was to be paid, in VND; None where it is not told."""
    amount: int | None = (entry.data or {}).get("amount")
    return amount


def _gateway(entry: EntryRecord) -> str | None:
    """How it was paid; None of a request."""
    return (entry.data or {}).get("channel") if entry.type == "dossier.fee_paid" else None
