"""Maps that only grow, immutable to those who hold one: each shares what it has with what grew out of it. Pure.

A set of reference entries grows entry by entry and each stage of it is kept by somebody; copied every time, the whole
would cost the square of its size.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

__all__ = ["Grown"]

K = TypeVar("K", bound=Hashable)
N = TypeVar("N", bound=Hashable)
V = TypeVar("V")


class _Shared(Generic[K, N, V]):
    """What all stages share: by key the named values with their numbers in the order of joining, and those alone."""

    __slots__ = ("count", "numbers", "values")

    def __init__(self) -> None:
        self.values: dict[K, dict[N, tuple[int, V]]] = {}
        self.numbers: dict[K, list[int]] = {}
        self.count = 0

    def add(self, key: K, name: N, value: V) -> None:
        self.values.setdefault(key, {})[name] = (self.count, value)
        self.numbers.setdefault(key, []).append(self.count)
        self.count += 1


class Grown(Generic[K, N, V]):
    """Values by key and name at one stage: those whose number is below its count.

    The newest stage grows in place; one that another grew out of already is copied first.
    """

    __slots__ = ("_count", "_shared")

    def __init__(self, shared: _Shared[K, N, V] | None = None, count: int = 0) -> None:
        self._shared: _Shared[K, N, V] = _Shared() if shared is None else shared
        self._count = count

    def with_value(self, key: K, name: N, value: V) -> Grown[K, N, V]:
        """With one value more; itself if the key has the name."""
        return self.with_values(((key, name, value),))

    def with_values(self, values: Iterable[tuple[K, N, V]]) -> Grown[K, N, V]:
        """With values more, as (key, name, value), by one step; itself if the keys have the names."""
        shared, count = self._shared, self._count
        for key, name, value in values:
            found = shared.values.get(key, {}).get(name)
            if found is not None and found[0] < count:
                continue
            if shared.count != count or not count:
                shared = self._copied()
            shared.add(key, name, value)
            count += 1
        return self if count == self._count else Grown(shared, count)

    def __bool__(self) -> bool:
        return self._count > 0

    def has(self, key: K, name: N) -> bool:
        """Whether a key has a value of a name."""
        found = self._shared.values.get(key, {}).get(name)
        return found is not None and found[0] < self._count

    def __iter__(self) -> Iterator[K]:
        """All keys, in the order in which they joined."""
        return iter(self._keys())

    def _keys(self) -> list[K]:
        # Others may grow out of this while it is gone through.
        return [key for key, numbers in list(self._shared.numbers.items()) if numbers[0] < self._count]

    def names(self, key: K) -> list[N]:
        """The names of a key's values, in the order in which they joined."""
        found = self._shared.values.get(key)
        return [] if found is None else [name for name, (number, _) in list(found.items()) if number < self._count]

    def of(self, key: K) -> list[V]:
        """The values of a key, in the order in which they joined."""
        found = self._shared.values.get(key)
        return [] if found is None else [value for number, value in list(found.values()) if number < self._count]

    def size(self, key: K) -> int:
        """How many values a key has."""
        return bisect_left(self._shared.numbers.get(key, ()), self._count)

    def follows(self, other: Grown[K, N, V]) -> bool:
        """Whether this grew out of the other, or is it, without a copy between them."""
        return self._shared is other._shared

    def _copied(self) -> _Shared[K, N, V]:
        shared: _Shared[K, N, V] = _Shared()
        found = [
            (number, key, name, value)
            for key, values in list(self._shared.values.items())
            for name, (number, value) in list(values.items())
            if number < self._count
        ]
        for _, key, name, value in sorted(found, key=lambda item: item[0]):
            shared.add(key, name, value)
        return shared
