"""Pages in the place of those that have moved, which lead on to them."""

from collections.abc import Iterable, Iterator, Sequence

from lpe_reports.params.moved import Move
from lpe_reports.render.addresses import way
from lpe_reports.render.leading_on import leading_page


def moved_pages(addresses: Iterable[str], moves: Sequence[Move]) -> Iterator[tuple[str, bytes]]:
    """For every page that had another address: the file at the old one, and what it holds.

    A page may have moved more than once: from its newest former address back to its oldest. An
    old address that another page has now is left to that page.

    Args:
        addresses: The addresses of all pages of a version, without their ending.
        moves: What has moved.
    """
    pages = list(addresses)
    taken = set(pages)
    for page in pages:
        for old in former_addresses(page, moves):
            if old not in taken:
                taken.add(old)
                yield (
                    f"{old}.html",
                    leading_page(
                        way(old, f"{page}.html"),
                        title="Sidan har flyttat",
                        link="Till sidan på dess nya adress",
                    ),
                )


def former_addresses(address: str, moves: Sequence[Move]) -> list[str]:
    """All addresses that a page has had before."""
    found = [address]
    for known in found:
        found += [old for move in moves if (old := move.former(known)) and old not in found]
        if len(found) > 2 * len(moves) + 1:
            break
    return found[1:]
