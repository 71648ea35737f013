"""How long work tells how far it is, without knowing who looks: a bar, plain lines, or nobody."""

from collections.abc import Sequence
from typing import Protocol


class Progress(Protocol):
    """What the steps of a night call while they work."""

    def start(self, what: str, total: int) -> None:
        """A piece of work begins; `total` is how many things it has to do (0 when unknown)."""

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now."""

    def done(self) -> None:
        """The piece of work is over."""


class Silent:
    """Progress that nobody looks at."""

    def start(self, what: str, total: int) -> None:
        """Say nothing."""

    def advance(self, n: int = 1) -> None:
        """Say nothing."""

    def running(self, names: Sequence[str]) -> None:
        """Say nothing."""

    def done(self) -> None:
        """Say nothing."""
