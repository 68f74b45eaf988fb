"""Reference data as pure values: the set of a partition's reference entries, and what applies to whom by it.

Knows nothing of dossiers beyond the instant at which one ended; no clock, no I/O.
"""

from shared.reference.entry import ReferenceEntry
from shared.reference.known import EMPTY, ReferenceSet

__all__ = ["EMPTY", "ReferenceEntry", "ReferenceSet"]
