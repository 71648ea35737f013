"""What the newest pages say that is worth a look: signals, targets, queues over the guarantee.

Only the newest page of a unit whose period is over is asked: a period under way is judged when
it is done. A judgement that several pages make of one figure is one, with a link to each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lpe_reports.display.blocks import Tone
from lpe_reports.render.cards import Kind, Queues, Signal
from lpe_reports.render.edition import Edition
from lpe_reports.render.sitemap import PageSpot, UnitPages


@dataclass(frozen=True)
class Found:
    """A judged figure, and the pages on which it stands: those of one report and period."""

    signal: Signal
    spots: tuple[PageSpot, ...]


def whole_page(edition: Edition, pages: UnitPages) -> PageSpot | None:
    """The newest page of a report and unit whose period is over; None where there is none."""
    return next((spot for spot in pages.spots if not edition.card(spot).ongoing), None)


def newest_page(edition: Edition, pages: UnitPages) -> PageSpot:
    """The newest page of a report and unit whose period is over, or else the newest."""
    return whole_page(edition, pages) or pages.newest


def whole_pages(edition: Edition, units: Iterable[UnitPages] | None = None) -> list[PageSpot]:
    """The newest page of every report and unit whose period is over, the latest to end first."""
    chosen = edition.site.units if units is None else units
    spots = [spot for pages in chosen if (spot := whole_page(edition, pages))]
    return sorted(spots, key=lambda spot: spot.period.end, reverse=True)


def figures(edition: Edition, spots: Iterable[PageSpot], kinds: Sequence[Kind]) -> list[Found]:
    """The judged figures of pages, in the order of the pages and then of `kinds`.

    Args:
        edition: The version.
        spots: The pages.
        kinds: What the judgements are about.
    """
    found: dict[tuple[str, ...], tuple[Signal, list[PageSpot]]] = {}
    for spot in spots:
        for signal in edition.card(spot).signals:
            if signal.kind not in kinds:
                continue
            told = (signal.label, signal.value, signal.words, signal.target, signal.compared)
            key = (spot.report.id, spot.period.id, *told)
            found.setdefault(key, (signal, []))[1].append(spot)
    every = [Found(signal, tuple(spots)) for signal, spots in found.values()]
    return sorted(every, key=lambda one: _newest_first(one, kinds))


def toned(found: Iterable[Found], *tones: Tone) -> list[Found]:
    """Those judged in one of some tones."""
    return [one for one in found if one.signal.tone in tones]


def farthest_first(found: Iterable[Found]) -> list[Found]:
    """The newest first, and of those that ended together the farthest from its target."""
    return sorted(found, key=lambda one: (-_ended(one), -one.signal.distance))


def queues_of_all(edition: Edition) -> tuple[Queues, list[PageSpot]] | None:
    """Queues over the guarantee in the whole county, and the pages that they are the sum of.

    The newest period that any page tells of counts; a page about the units of others
    (`all_vo`) has queues that are counted on theirs.

    Returns:
        None where no page tells of queues.
    """
    telling = [
        spot
        for spot in whole_pages(edition)
        if edition.card(spot).queues
        and not spot.report.sections.get(spot.subject.id, {}).get("all_vo")
    ]
    newest = [s for s in telling if (s.report.id, s.period) == _report_and_period(telling[0])]
    counted = [queues for spot in newest if (queues := edition.card(spot).queues)]
    if not counted:
        return None
    over = sum(queues.over for queues in counted)
    return Queues(over=over, queues=sum(queues.queues for queues in counted)), newest


def _report_and_period(spot: PageSpot) -> tuple[str, object]:
    return spot.report.id, spot.period


def _ended(found: Found) -> int:
    return found.spots[0].period.end.toordinal()


def _newest_first(found: Found, kinds: Sequence[Kind]) -> tuple[int, int]:
    return -_ended(found), kinds.index(found.signal.kind)
