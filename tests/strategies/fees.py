"""Fees for tests of the oracle: requests and payments with and without amounts."""

from __future__ import annotations

from typing import Any

__all__ = ["FEES"]

#: Data of requests and payments of fees.
FEES: dict[str, list[dict[str, Any]]] = {
    "fee_requested": (asked := [{}, {"amount": 0}, {"amount": 1}, {"amount": 20_000}]),
    "fee_paid": [{"channel": gateway, **one} for gateway in ("none", "national", "provincial") for one in asked],
}
