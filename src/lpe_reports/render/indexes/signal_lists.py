"""Signals and targets as lists, for the front page and the units' own."""

from html import escape

from lpe_reports import wording
from lpe_reports.display.blocks import Tone
from lpe_reports.render.addresses import way
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, section, tag
from lpe_reports.render.indexes.signals import Found, farthest_first, toned
from lpe_reports.render.quoting import quoted

_HEADINGS: tuple[tuple[str, Tone], ...] = (
    ("Sämre än vanligt", "bad"),
    ("Bättre än vanligt", "good"),
    ("Ovanligt", "flag"),
)
_FIRST = 5
_FIRST_TARGETS = 6
_OF_A_PAGE = 2


def signal_lists(edition: Edition, address: str, found: list[Found]) -> str:
    """What left its own limits, worse and better side by side; then what has lasted."""
    limits = [one for one in found if one.signal.kind == "limits"]
    lasting = [one for one in found if one.signal.kind == "lasting"]
    lists = [
        _first_of(edition, address, heading, toned(limits, tone)) for heading, tone in _HEADINGS
    ]
    parts = [f'<div class="grid pair">\n{"".join(lists)}</div>'] if any(lists) else []
    if lasting:
        said = f"Har legat annorlunda en tid ({wording.number(len(lasting))})"
        parts.append(_behind(said, _list(edition, address, lasting)))
    if not parts:
        return ""
    link = anchor("Så räknas vanlig variation", way(address, "sa-raknar-vi/index.html#spc_limits"))
    note = (
        "Nyckeltal utanför sina egna gränser under den senaste hela perioden. Varje enhet jämförs "
        f"med sin egen historia. {link}."
    )
    return section("Signaler", f'<p class="note">{note}</p>', *parts, name="signaler")


def target_lists(edition: Edition, address: str, targets: list[Found]) -> str:
    """The targets that are missed, the newest and farthest first; those that are met behind."""
    if not targets:
        return ""
    missed = farthest_first(toned(targets, "bad"))
    met = farthest_first(toned(targets, "good"))
    parts = []
    if missed:
        first = _list(edition, address, missed[:_FIRST_TARGETS], columns=True)
        parts.append(f"<h3>Mål som inte nås</h3>\n{first}")
    else:
        parts.append(paragraph("Målet nås." if len(met) == 1 else "Alla mål nås."))
    if rest := missed[_FIRST_TARGETS:]:
        said = f"Visar {_FIRST_TARGETS} av {len(missed)}. Visa resten"
        parts.append(_behind(said, _list(edition, address, rest, columns=True)))
    if met:
        said = f"Mål som nås ({wording.number(len(met))})"
        parts.append(_behind(said, _list(edition, address, met, columns=True)))
    return section("Mot målen", *parts, name="mal")


def _first_of(edition: Edition, address: str, heading: str, found: list[Found]) -> str:
    """The first signals of a list, the others behind a button; nothing where there are none."""
    if not found:
        return ""
    first = _at_most_per_page(found)[:_FIRST]
    rest = [one for one in found if one not in first]
    parts = [_list(edition, address, first)]
    if rest:
        said = f"Visar {len(first)} av {len(found)}. Visa resten"
        parts.append(_behind(said, _list(edition, address, rest)))
    return f"<div>\n<h3>{escape(heading)}</h3>\n{''.join(parts)}\n</div>\n"


def _at_most_per_page(found: list[Found]) -> list[Found]:
    """No page fills the list alone."""
    taken: dict[str, int] = {}
    chosen = []
    for one in found:
        page = one.spots[0].address
        taken[page] = taken.get(page, 0) + 1
        if taken[page] <= _OF_A_PAGE:
            chosen.append(one)
    return chosen


def _behind(words: str, html: str) -> str:
    return f'<details class="more"><summary>{escape(words)}</summary>\n{html}</details>'


def _list(edition: Edition, address: str, found: list[Found], *, columns: bool = False) -> str:
    kind = "signals two" if columns else "signals"
    return items([_signal(edition, address, one) for one in found], kind)


def _signal(edition: Edition, address: str, found: Found) -> str:
    """A figure with its judgement and target; then whose it is, when, and what it was before."""
    signal = found.signal
    target = f", mål{wording.NBSP}{escape(signal.target)}" if signal.target else ""
    links = [
        anchor(edition.card(spot).title, way(address, f"{spot.address}.html"))
        for spot in found.spots
    ]
    small = [", ".join(links), escape(found.spots[0].report.title)]
    if signal.compared:
        small.append(escape(signal.compared))
    said = (
        f'<span class="what">{tag(signal.words, signal.tone)} {escape(signal.label)} '
        f"<b>{escape(signal.value)}</b>{target}</span>"
        f"<small>{' · '.join(small)}</small>"
    )
    return quoted((spot.address for spot in found.spots), said)
