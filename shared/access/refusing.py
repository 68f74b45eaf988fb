"""Refusals of who asks: what is missing is named, counted, and told in the log once a minute."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from shared.access.bearer import Bearer
from shared.access.rights import Right, roles_with
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems import Problem
from shared.seldom import Seldom

__all__ = ["count_refusal", "right_missing"]

_METRIC: Final = "motcua_access_refused_total"
_log = get_logger("access")
_seldom: Final = Seldom(60.0, time.monotonic)


def right_missing(*rights: Right) -> Problem:
    """The refusal of a key that has none of some rights."""
    return Problem(
        403,
        "right_missing",
        right=", ".join(rights),
        roles=", ".join(roles_with(rights)),
        extra={"rights": list(rights)},
    )


def count_refusal(meters: Meters, bearer: Bearer | None, why: Sequence[str], route: str) -> None:
    """Count a refusal, and tell it in the log.

    Args:
        meters: of the service.
        bearer: who asked; None where the key is missing or nobody's.
        why: the rights of which one is missing; `key` where the key is, `unit` where its units are.
        route: the pattern of the address, never the address itself.
    """
    reason = ",".join(why)
    meters.counter(_METRIC).labels(reason).inc()
    name = None if bearer is None else bearer.name
    others = _seldom.due((name, reason, route))
    if others is not None:
        _log.warning("refused", bearer=name, missing=reason, route=route, others=others)
