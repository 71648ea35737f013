"""The meeting packs of a version, as its index page and its record tell of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lpe_reports.render.packs.job import PackJob, read_record
from lpe_reports.render.packs.planned import PlannedPack
from lpe_reports.render.page_store import StoredPage


@dataclass(frozen=True)
class MadePack:
    """One pack.

    Fields:
        planned: Which one it is.
        sheets: Of how many sheets it is; 0 where it could not be made.
        size: Its PDF, in bytes.
    """

    planned: PlannedPack
    sheets: int = 0
    size: int = 0


def made_packs(jobs: Sequence[PackJob], made: Mapping[str, StoredPage]) -> Iterator[MadePack]:
    """The packs of a version, those that could not be made too.

    Args:
        jobs: Those that were to be made.
        made: Those that were, by address.
    """
    for job in jobs:
        page = made.get(job.address)
        if page is None:
            yield MadePack(job.planned)
        else:
            record = read_record(page)
            yield MadePack(job.planned, int(record["sheets"]), int(record["bytes"]))
