"""How long work tells how far it is, without knowing who looks: a bar, lines, events, or nobody."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class RunEvent:
    """Something that happened to one run; holds no data value.

    Fields:
        event: What happened.
        report: Whose run.
        unit: For which unit.
        period: For which period.
        status: What the plan says of it when it begins, what came of it when it has ended.
        reason: Why it runs or is reused, or how it failed.
        seconds: Wall clock, when it has ended.
        cell: In which cell it failed, counted from 1.
        kind: How it failed, in a word or two.
    """

    event: Literal["run_began", "run_ended", "run_reused"]
    report: str
    unit: str
    period: str
    status: str
    reason: str
    seconds: float | None = None
    cell: int | None = None
    kind: str | None = None


class Progress(Protocol):
    """What the steps of a night call while they work."""

    def start(self, what: str, total: int) -> None:
        """A piece of work begins; `total` is how many things it has to do (0 when unknown)."""

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now."""

    def left(self, seconds: float) -> None:
        """How much longer it takes, where that is better known than from what is done."""

    def tell(self, event: RunEvent) -> None:
        """Something happened to a run."""

    def note(self, text: str) -> None:
        """A remark for whoever looks after the work."""

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

    def left(self, seconds: float) -> None:
        """Say nothing."""

    def tell(self, event: RunEvent) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def done(self) -> None:
        """Say nothing."""


class TimeLeft:
    """How much longer work takes whose parts take unequally long, some of them side by side.

    What a part takes is taken from earlier times and corrected by how today's parts compare; one
    that nobody has timed is taken to be as the others of its kind today, or as the mean.

    Args:
        parts: The name of each part → its kind.
        known_seconds: What a part of a kind took before.
        clock: Tells the time, in seconds.
    """

    def __init__(
        self,
        parts: Mapping[str, str],
        known_seconds: Mapping[str, float],
        clock: "Clock | None" = None,
    ) -> None:
        self._clock: Clock = clock or time.monotonic
        self._left = dict(parts)
        self._known = dict(known_seconds)
        self._began = self._clock()
        self._running: dict[str, float] = {}  # since when
        self._took: dict[str, list[float]] = {}  # by kind, today

    def begin(self, part: str) -> None:
        """A part begins."""
        self._running[part] = self._clock()

    def end(self, part: str) -> None:
        """A part is over."""
        kind = self._left.pop(part)
        since = self._running.pop(part, self._clock())
        self._took.setdefault(kind, []).append(self._clock() - since)

    def seconds(self) -> float | None:
        """The time left; None as long as nothing is done."""
        took = [one for kind in self._took.values() for one in kind]
        if not took:
            return None
        now = self._clock()
        so_far = {part: now - since for part, since in self._running.items()}
        # How many parts have been worked on at a time, on the whole.
        at_once = max(1.0, (sum(took) + sum(so_far.values())) / max(now - self._began, 1e-9))
        expected = self._expected(sum(took) / len(took))
        work = sum(expected[kind] for kind in self._left.values())
        work -= sum(min(s, expected[self._left[part]]) for part, s in so_far.items())
        longest = max((expected[self._left[p]] - s for p, s in so_far.items()), default=0.0)
        return max(work / at_once, longest, 0.0)

    def _expected(self, mean_today: float) -> dict[str, float]:
        """What a part of each kind that is left takes."""
        timed = {kind: sum(took) / len(took) for kind, took in self._took.items()}
        both = [kind for kind in timed if self._known.get(kind)]
        before = sum(self._known[kind] * len(self._took[kind]) for kind in both)
        today = sum(sum(self._took[kind]) for kind in both)
        pace = today / before if before else 1.0
        return {
            kind: timed.get(kind)
            or (self._known[kind] * pace if self._known.get(kind) else mean_today)
            for kind in set(self._left.values())
        }


class Clock(Protocol):
    """Tells the time, in seconds from some moment."""

    def __call__(self) -> float: ...
