"""Whether a night is too old to build on."""

from datetime import date

from lpe_reports.errors import ExtractHeldError
from lpe_reports.params.sources import Sources
from lpe_reports.warehouse.nights.folders import Night
from lpe_reports.warehouse.nights.manifest import read_manifest


def refuse_if_too_old(night: Night, sources: Sources, today: date) -> None:
    """Refuse a night that is older than its source's `freshness` allows, where that says `stop`.

    Args:
        night: The night.
        sources: The sources; a night of one that is not described any more is not judged.
        today: The day it is in Sweden.

    Raises:
        ExtractHeldError: Names night, source, age and what to do.
    """
    if all(entry.freshness.then != "stop" for entry in sources.sources.values()):
        return
    source = read_manifest(night.folder).source
    entry = sources.sources.get(source)
    if entry is None or entry.freshness.then != "stop":
        return
    age, agreed = (today - night.date).days, entry.freshness.days
    if age > agreed:
        raise ExtractHeldError(
            f"the night {night.date} of source '{source}' is {_days(age)} old; at most "
            f"{_days(agreed)} is agreed (freshness in params/sources.yml). Nothing was built and "
            f"the published site is untouched. Run `lpe extract --source {source}`; if it gives "
            "no newer night, the source stands still: ask those who fill it"
        )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
