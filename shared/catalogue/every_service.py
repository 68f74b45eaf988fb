"""The metrics that every service has: what each means, and what an engineer does when it looks wrong."""

from __future__ import annotations

from typing import Final

from shared.catalogue.base import Spec

__all__ = ["SPECS"]

SPECS: Final[tuple[Spec, ...]] = (
    Spec(
        "motcua_transactional_batches",
        "gauge",
        "batches",
        "Batches of transactions this replica has read in topics that only services write, and without transactions; "
        "what was rolled back counts like the rest",
        "Any: /health/ready names partition, offset and producer; take that producer's right to write",
        ("topic",),
    ),
)
