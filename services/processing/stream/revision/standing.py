"""How far a reference entry is on its way through a partition's dossiers, and since when it stands. For metrics only.

Looks across failures: a partition that begins again and again at the same place is seen not to get on.
"""

from __future__ import annotations

from services.processing.stream.revision.revising import Progress

__all__ = ["PassWatch"]


class PassWatch:
    """Watches the passes of one partition, one at a time."""

    def __init__(self) -> None:
        self._offset: int | None = None
        self._furthest = 0
        self._moved_at = 0.0
        self._seen_at = 0.0
        #: Dossiers the entry under way has still to go through.
        self.remaining = 0

    @property
    def idle(self) -> float:
        """Seconds since it got past a dossier it had not got past before; 0 when nothing is under way."""
        return 0.0 if self._offset is None else self._seen_at - self._moved_at

    def look(self, progress: Progress | None, next_offset: int | None, now: float) -> None:
        """Take a look.

        Args:
            progress: the pass under way, None also while the partition waits to go on with it.
            next_offset: the first journal entry whose events are not all out, None while that is not known.
            now: by time.monotonic().
        """
        self._seen_at = now
        if progress is not None:
            if progress.offset != self._offset:
                self._offset, self._furthest, self._moved_at = progress.offset, progress.done, now
            elif progress.done > self._furthest:
                self._furthest, self._moved_at = progress.done, now
            self.remaining = progress.of - progress.done
        elif self._offset is not None and next_offset is not None and next_offset > self._offset:
            self._offset, self.remaining = None, 0
