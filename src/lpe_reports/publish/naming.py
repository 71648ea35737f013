"""How versions are named: by the day they are published, the second of a day with `.2` after it."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

PLACE = ZoneInfo("Europe/Stockholm")
_ID = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d{1,6}))?")


def is_version_id(name: str) -> bool:
    """Whether a name is that of a version."""
    return _ID.fullmatch(name) is not None


def place_in_time(version_id: str) -> tuple[str, int]:
    """What versions are ordered by: their day, and their number on it."""
    match = _ID.fullmatch(version_id)
    return (match[1], int(match[2] or 1)) if match else ("", 0)


def day_of(version_id: str) -> date:
    """The day on which a version was published."""
    return date.fromisoformat(place_in_time(version_id)[0])


def next_id(taken: Iterable[str], day: date) -> str:
    """The name of a day's next version.

    One that was made after the clock was set back over midnight is named by the day of the one
    before it: what was published later is later by its name, too.

    Args:
        taken: The names that were given before, also to versions that are gone: a name that
            somebody has cited is never given to another version.
        day: The day.
    """
    places = list(map(place_in_time, taken))
    tomorrow = day + timedelta(days=1)
    if max(places, default=("", 0))[0] == tomorrow.isoformat():
        day = tomorrow
    of_day = [place for place in places if place[0] == day.isoformat()]
    return f"{day}.{max(of_day)[1] + 1}" if of_day else f"{day}"
