"""All reference entries of one kind by the thing they are versions of, with what each identity's corrections leave.

Pure and order-free; immutable but for caches. Knows which entries hold for whom; nothing of what they say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.grown import Grown
from shared.reference.versions import Dated, Versions, hold

__all__ = ["OPEN", "Chains", "Family"]

#: The rank of what is still open.
OPEN: Final = -1

#: Every distinct entry of an identity, by digest.
Chains = Grown[Identity, str, ReferenceEntry]
#: By thing, for each entry that touched it, the identity it is of.
Members = Grown[Hashable, str, Identity]
#: What an identity has entries about.
Things = Grown[Identity, Hashable, None]

V = TypeVar("V", bound=Dated)


class Family(Generic[V]):
    """The entries of one kind.

    Args:
        key: the thing an entry is a version of; None where it is of another kind, or a withdrawal.
        read: the version an entry gives; None where it gives none.
    """

    __slots__ = ("_chains", "_key", "_members", "_moments", "_read", "_things", "_versions")

    def __init__(
        self,
        key: Callable[[ReferenceEntry], Hashable | None],
        read: Callable[[ReferenceEntry], V | None],
        *,
        chains: Chains | None = None,
        members: Members | None = None,
        things: Things | None = None,
        versions: dict[tuple[Hashable, int], Versions[V]] | None = None,
    ) -> None:
        self._key = key
        self._read = read
        self._chains: Chains = Grown() if chains is None else chains
        self._members: Members = Grown() if members is None else members
        self._things: Things = Grown() if things is None else things
        #: Made when first asked for, by thing and how many entries had touched it; handed on while members are.
        self._versions = {} if versions is None else versions
        self._moments: list[int] | None = None

    def __bool__(self) -> bool:
        return bool(self._members)

    def with_entries(self, chains: Chains, entries: Sequence[ReferenceEntry]) -> Family[V]:
        """The family after entries joined their identities; itself, if they have nothing to do with it.

        Args:
            chains: all identities, with the entries.
            entries: those that joined.
        """
        about = [(entry.identity, key, None) for entry in entries if (key := self._key(entry)) is not None]
        things = self._things.with_values(about)
        # Once for each identity, however many of its entries join: what it is about may be as many.
        last = {entry.identity: entry.digest for entry in entries}
        members = self._members.with_values(
            (thing, digest, identity) for identity, digest in last.items() for thing in things.names(identity)
        )
        if members is self._members:
            return self
        versions = self._versions if members.follows(self._members) else {}
        return Family(self._key, self._read, chains=chains, members=members, things=things, versions=versions)

    def things(self) -> tuple[Hashable, ...]:
        """What there are versions of, in no particular order."""
        return tuple(self._members)

    def about(self, identity: Identity) -> list[Hashable]:
        """What an identity has entries about."""
        return self._things.names(identity)

    def entries(self, key: Hashable) -> list[ReferenceEntry]:
        """Every entry about one thing, whether it holds or not, in no particular order."""
        every = (entry for identity in self._identities(key) for entry in self._chains.of(identity))
        return [entry for entry in every if self._key(entry) == key]

    def versions(self, key: Hashable) -> Versions[V] | None:
        """The versions of one thing; None if there never was one."""
        size = self._members.size(key)
        if not size:
            return None
        known = self._versions.get((key, size))
        if known is None:
            held = [
                item
                for identity in self._identities(key)
                for item in hold(self._chains.of(identity))
                if self._key(item.entry) == key
            ]
            # That of fewer entries is hardly asked for again, and would be made anew.
            self._versions.pop((key, size - 1), None)
            known = self._versions[key, size] = Versions(held, self._read)
        return known

    def _identities(self, key: Hashable) -> list[Identity]:
        return list(dict.fromkeys(self._members.of(key)))

    def rank(self, before: int | None) -> int:
        """A number equal for all instants before which the same entries of this family hold."""
        if before is None or not self._members:
            return OPEN
        if self._moments is None:
            self._moments = sorted({entry.time for one in self._things for entry in self._chains.of(one)})
        return OPEN if before > self._moments[-1] else bisect_left(self._moments, before)
