"""All reference entries of one kind by the thing they are versions of, with what each identity's corrections leave.

Pure and order-free; immutable but for caches. Knows which entries hold for whom; nothing of what they say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.versions import Dated, Versions, hold

__all__ = ["OPEN", "Chains", "Family"]

#: The rank of what is still open.
OPEN: Final = -1

#: Every distinct entry of an identity, by digest.
Chains = Mapping[Identity, Mapping[str, ReferenceEntry]]
#: The identities that have an entry about a thing.
Members = Mapping[Hashable, frozenset[Identity]]
#: What an identity has entries about.
Things = Mapping[Identity, frozenset[Hashable]]

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
        chains: Chains = MappingProxyType({}),
        members: Members = MappingProxyType({}),
        things: Things = MappingProxyType({}),
        versions: dict[Hashable, Versions[V]] | None = None,
    ) -> None:
        self._key = key
        self._read = read
        self._chains = chains
        self._members = members
        self._things = things
        #: Made when first asked for.
        self._versions = {} if versions is None else versions
        self._moments: list[int] | None = None

    def __bool__(self) -> bool:
        return bool(self._members)

    def with_entry(self, chains: Chains, entry: ReferenceEntry) -> Family[V]:
        """The family after an entry joined its identity; itself, if that has nothing to do with it.

        Args:
            chains: all identities, with the entry.
            entry: the one that joined.
        """
        identity, key = entry.identity, self._key(entry)
        before = self._things.get(identity, frozenset())
        touched = before if key is None else before | {key}
        if not touched:
            return self
        members, things, versions = self._members, self._things, dict(self._versions)
        if len(touched) > len(before) and key is not None:
            members = {**members, key: members.get(key, frozenset()) | {identity}}
            things = {**things, identity: touched}
        for thing in touched:
            versions.pop(thing, None)
        return Family(self._key, self._read, chains=chains, members=members, things=things, versions=versions)

    def things(self) -> tuple[Hashable, ...]:
        """What there are versions of, in no particular order."""
        return tuple(self._members)

    def entries(self, key: Hashable) -> list[ReferenceEntry]:
        """Every entry about one thing, whether it holds or not, in no particular order."""
        every = (entry for identity in self._members.get(key, ()) for entry in self._chains[identity].values())
        return [entry for entry in every if self._key(entry) == key]

    def versions(self, key: Hashable) -> Versions[V] | None:
        """The versions of one thing; None if there never was one."""
        known = self._versions.get(key)
        if known is None and key in self._members:
            held = [
                item
                for identity in self._members[key]
                for item in hold(self._chains[identity].values())
                if self._key(item.entry) == key
            ]
            known = self._versions[key] = Versions(held, self._read)
        return known

    def rank(self, before: int | None) -> int:
        """A number equal for all instants before which the same entries of this family hold."""
        if before is None or not self._members:
            return OPEN
        if self._moments is None:
            identities: set[Identity] = set().union(*self._members.values())
            self._moments = sorted({entry.time for identity in identities for entry in self._chains[identity].values()})
        return OPEN if before > self._moments[-1] else bisect_left(self._moments, before)
