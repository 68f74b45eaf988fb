"""Fees of a dossier (docs/rules.md "Fees"): from when it had to pay, since when an amount is known, who took it online.

Knows nothing of clocks and of what fees do to the due date.
"""

from __future__ import annotations

from datetime import datetime

from tests.oracle.cases.facts import Dossier
from tests.oracle.journal import HeldEntry

__all__ = ["take_fees"]


def take_fees(dossier: Dossier, entries: list[HeldEntry], *, fee_procedure: bool) -> None:
    """Fill in what the entries say of fees.

    Args:
        dossier: whose acceptance is known already.
        entries: those that may act, whenever they are dated, in their order.
        fee_procedure: whether the procedure's version at the receipt has a fee.
    """
    requests = [entry for entry in entries if entry.type == "dossier.fee_requested"]
    payments = [entry for entry in entries if entry.type == "dossier.fee_paid"]
    free = [entry for entry in requests + payments if entry.data.get("amount") == 0]
    duties: list[datetime] = []
    for entry in entries:
        if entry in requests or entry in payments:
            amount = entry.data.get("amount")
            if amount is None or amount > 0:
                duties.append(entry.time)
            if amount is not None and amount > 0 and dossier.fee_amount is None:
                dossier.fee_amount = entry.time
    all_free = bool(free) and not duties
    if fee_procedure and dossier.accepted_at is not None and not all_free:
        duties.append(dossier.accepted_at)
    dossier.fee_duty = min(duties, default=None)
    for payment in payments:
        if payment.data.get("channel", "none") != "none" and payment.data.get("amount") != 0:
            dossier.paid_online, dossier.gateway = payment.time, payment.data["channel"]
            break
