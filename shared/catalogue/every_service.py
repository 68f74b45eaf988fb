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
    Spec(
        "motcua_loop_failures_total",
        "counter",
        "failures",
        "Failures of a loop by which the service lives that nobody foresaw; an absent broker or database is none",
        "Growing: the log names the loop and the error; each failure makes the pause before the next try longer",
        ("loop",),
    ),
    Spec(
        "motcua_loops_ended",
        "gauge",
        "loops",
        "Loops that failed 5 times in 5 minutes: /health/live answers 503 and names them",
        "Any: a supervisor starts the replica anew; where that does not help, the log has the error",
    ),
    Spec(
        "motcua_http_connections",
        "gauge",
        "connections",
        "HTTP connections open at this replica",
        "Near MOTCUA_HTTP_CONNECTIONS: somebody opens more than needed; see motcua_http_connections_ended_total",
    ),
    Spec(
        "motcua_http_connections_ended_total",
        "counter",
        "connections",
        "Connections ended by the service: full (503), room (idle, made way for another), idle, head or rest (what was "
        "to come did not), unread (the answer was not read), crumbs (a body in chunks of a few bytes)",
        "full growing: raise MOTCUA_HTTP_CONNECTIONS or find who holds them; head, unread, crumbs: a slow or hostile "
        "client",
        ("why",),
    ),
    Spec(
        "motcua_access_refused_total",
        "counter",
        "requests or entries",
        "Requests and entries refused for what their key lacks: the right (several where one of them would do), key "
        "(there is none, or it is nobody's), disabled (its bearer), source or unit (not covered by it)",
        "Growing: the log names the bearer and the address; give the key the role it lacks, or find who tries",
        ("right",),
    ),
    Spec(
        "motcua_access_own_key_refused",
        "gauge",
        "1 or 0",
        "Whether the service has no key of its own, or one that intake refuses: it cannot ask others in its own name",
        "1 for more than 10 minutes: MOTCUA_SERVICE_KEY_FILE, and its hash in intake's MOTCUA_KEYS_FILE (`motcua up`)",
    ),
)
