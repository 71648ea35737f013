"""A moment, and the times that files changed since then can bear."""

import time
from dataclasses import dataclass, field

# Files' times are taken from a clock that ticks some hundred times a second.
TICK_NS = 20_000_000


@dataclass(frozen=True)
class Moment:
    """A moment, by the clock that files get their times from and by one that nobody sets.

    Fields:
        clock_ns: In nanoseconds since 1970, as the clock was set then.
        steady_ns: On the monotonic clock.
    """

    clock_ns: int = field(default_factory=time.time_ns)
    steady_ns: int = field(default_factory=time.monotonic_ns)

    @property
    def earliest_ns(self) -> int:
        """The earliest time that a file can bear which was changed since.

        Where the clock has been set back since, that lies before the moment by as much.
        """
        set_by = time.time_ns() - self.clock_ns - (time.monotonic_ns() - self.steady_ns)
        return self.clock_ns + min(0, set_by) - TICK_NS
