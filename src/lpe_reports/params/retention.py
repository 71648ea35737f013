"""How long what descends from patient data is kept."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from lpe_reports.params.reading import ParamsModel, read_model

Days = Annotated[int, Field(ge=1, le=3660)]


class NightsKept(ParamsModel):
    """Which nights stay.

    Fields:
        days: Every night that was loaded in the last so many days.
        weeks: Before them, the last night of each week, for so many weeks.
    """

    days: Days = 14
    weeks: Annotated[int, Field(ge=0, le=520)] = 8


class VersionsKept(ParamsModel):
    """Which published versions stay, beside the latest and those that are cited.

    Fields:
        days: Every version of the last so many days.
        weeks: Before them, the last version of each week, for so many weeks.
        months: Before them, the last version of each month, for so many months; `null`: for ever.
    """

    days: Days = 30
    weeks: Annotated[int, Field(ge=0, le=1040)] = 52
    months: Annotated[int, Field(ge=0, le=1200)] | None = None


class Retention(ParamsModel):
    """How long things are kept, in days from when they were made; `null`: for ever.

    Fields:
        nights: The nights in data/extracts.
        versions: The published versions in public/v.
        held_days: Nights that are held and that nobody accepted.
        waiting_lists_years: The stored waiting lists, by their own day.
        replaced_lists_days: Waiting lists that were replaced by name, from when they were.
        executed_days: Executed notebooks, traces and rendered pages that no page needs now.
        store_megabytes: How large the store of them may be; what no page needs goes before its
            time, the longest unused first.
        logs_days: Private logs of failed runs.
        set_aside_days: What was set aside, but for its waiting lists.
    """

    nights: NightsKept = NightsKept()
    versions: VersionsKept = VersionsKept()
    held_days: Days = 30
    waiting_lists_years: Annotated[int, Field(ge=1, le=100)] | None = None
    replaced_lists_days: Days | None = 365
    executed_days: Days = 30
    store_megabytes: Annotated[int, Field(ge=1)] | None = 20_000
    logs_days: Days = 14
    set_aside_days: Days | None = 180


def load_retention(path: Path, root: Path) -> Retention:
    """The retention of `params/retention.yml`.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    return read_model(path, Retention, root)
