"""Which pages of a version go into which meeting pack, and which that it needs are not there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lpe_reports.build.runs import ExecutedRun, RunStatus
from lpe_reports.params.packs import Pack, PackChapter
from lpe_reports.periods import Period
from lpe_reports.render.packs.planned import Absence, PlannedPack
from lpe_reports.render.retracted import Retraction
from lpe_reports.render.sitemap import PageSpot

NOT_THERE = "finns inte i den här versionen av sidorna"


def plan_packs(
    packs: Sequence[Pack],
    runs: Sequence[ExecutedRun],
    night: date,
    retracted: Mapping[str, Retraction] | None = None,
) -> Iterator[PlannedPack]:
    """The packs of a version, forum by forum, the newest first; none without a page.

    Args:
        packs: The forums.
        runs: What came of every run of the version.
        night: The date of the extract.
        retracted: The pages that are taken back, by address.
    """
    by_page = {
        (run.run.report, run.run.unit, run.run.period.id): run
        for run in runs
    }  # fmt: skip
    for pack in packs:
        for period in pack.periods_at(night):
            pages: list[PageSpot] = []
            absences: list[Absence] = []
            for chapter in pack.chapters:
                of = chapter.period(period)
                missing: dict[str, list[str]] = {}
                for spot in _spots(chapter, of):
                    run = by_page.get((spot.report.id, spot.subject.id, of.id))
                    if taken_back := (retracted or {}).get(spot.address):
                        missing.setdefault(taken_back.told, []).append(spot.subject.name)
                    elif run is not None and run.notebook is not None:
                        pages.append(spot)
                    else:
                        missing.setdefault(_why(run), []).append(spot.subject.name)
                absences += [
                    Absence(chapter.report, of, tuple(units), why) for why, units in missing.items()
                ]
            if pages:
                yield PlannedPack(pack, period, tuple(pages), tuple(absences))


def _spots(chapter: PackChapter, period: Period) -> Iterator[PageSpot]:
    for subject in chapter.subjects:
        yield PageSpot(chapter.report, chapter.report.subject(subject), period)


def _why(run: ExecutedRun | None) -> str:
    """Why a page is not in a pack; a kept one is read where it stands."""
    if run is None:
        return NOT_THERE
    if run.status is RunStatus.KEPT and run.kept is not None:
        return (
            f"kunde inte göras om, därför att {run.kept.reason}; på webbplatsen står sidan som den "
            f"var i version {run.kept.version}"
        )
    reason = run.error.words if run.error else ""
    return f"kunde inte göras, därför att {reason}" if reason else "kunde inte göras"
