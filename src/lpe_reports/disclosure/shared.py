"""Sets by key that are shared between copies until one of them is changed.

A page's groups are copied before each table joins, and most of them never change again.
"""

from collections.abc import Set
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class SharedSets(Generic[K, V]):
    """A set for each key; a copy takes no room but for the sets that are changed afterwards."""

    def __init__(self) -> None:
        self._sets: dict[K, set[V]] = {}
        self._own: set[K] = set()  # whose sets no other copy has

    def copy(self) -> "SharedSets[K, V]":
        """One that can be changed while this stays as it is, and the other way round."""
        other: SharedSets[K, V] = SharedSets()
        other._sets = dict(self._sets)
        self._own = set()
        return other

    def get(self, key: K) -> Set[V]:
        """The set of a key; empty where there is none."""
        return self._sets.get(key, frozenset())

    def add(self, key: K, value: V) -> None:
        """Add a value to the set of a key."""
        self._to_change(key).add(value)

    def discard(self, key: K, value: V) -> None:
        """Take a value out of the set of a key, if it is there."""
        if value in self.get(key):
            self._to_change(key).discard(value)

    def _to_change(self, key: K) -> set[V]:
        if key not in self._own:
            self._sets[key] = set(self._sets.get(key, ()))
            self._own.add(key)
        return self._sets[key]
