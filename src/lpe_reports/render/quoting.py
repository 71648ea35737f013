"""What index pages quote of other pages, marked, so that it can be taken out by text alone."""

import re
from collections.abc import Callable, Collection, Iterable

_QUOTED = re.compile(r"<!--sida:([^>]*?)-->(.*?)<!--/sida-->", re.DOTALL)
# Two hyphens (2026-W12--2026-W21) are not for comments.
_HYPHENS, _INSTEAD = "--", "~~"
MARK = "<!--sida:"


def quoted(addresses: Iterable[str], html: str) -> str:
    """Ready HTML that tells what some pages say, between comments that name them."""
    named = " ".join(addresses).replace(_HYPHENS, _INSTEAD)
    return f"{MARK}{named}-->{html}<!--/sida-->"


def without_quotes(html: str, gone: Collection[str], instead: Callable[[str], str]) -> str:
    """A page without what it quotes of some pages.

    Args:
        html: The page.
        gone: The addresses of those pages.
        instead: What stands there instead of a quote that leads to a page; nothing does where
            it leads nowhere.
    """

    def replace(match: re.Match[str]) -> str:
        named = match[1].replace(_INSTEAD, _HYPHENS).split()
        found = next((address for address in named if address in gone), None)
        if found is None:
            return match[0]
        return instead(found) if "<a " in match[2] else ""

    return _QUOTED.sub(replace, html)
