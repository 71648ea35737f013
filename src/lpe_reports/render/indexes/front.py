"""The front page: what is worth looking at, and a short way to every unit's newest page."""

from html import escape

from lpe_reports import wording
from lpe_reports.display.blocks import Tone
from lpe_reports.params.units import UnitKind
from lpe_reports.render.addresses import report_folder
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import MADE_UP, anchor, items, key_figures, paragraph, section
from lpe_reports.render.freshness import fresh_until, standing
from lpe_reports.render.indexes import signals
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import units_with_links
from lpe_reports.render.indexes.overview import overview
from lpe_reports.render.indexes.signal_lists import signal_lists, target_lists

ADDRESS = "index"
# Gives way to the reader's own unit where the browser remembers one.
_OWN_UNIT = (
    '<p class="note"><a href="#enheter">Hitta din enhet</a>. På enhetens sida kan du göra den till '
    "din; då visas den här överst.</p>"
)
_TONES: tuple[Tone, ...] = ("bad", "good", "flag")


def front_page(edition: Edition) -> PageDocument:
    """The front page."""
    site = edition.site
    count = site.page_count()
    pages = f"{wording.number(count)} {wording.plural(count, 'sida', 'sidor')}"
    spots = signals.whole_pages(edition)
    unusual = signals.figures(edition, spots, ("limits", "lasting"))
    targets = signals.figures(edition, spots, ("target",))
    return index_document(
        site,
        ADDRESS,
        "Läget i operationsverksamheten",
        [
            MADE_UP if edition.manifest and edition.manifest.demo else "",
            f'<div id="min-enhet">{_OWN_UNIT}</div>',
            _numbers(edition, targets),
            signal_lists(edition, ADDRESS, unusual),
            target_lists(edition, ADDRESS, targets),
            overview(edition, ADDRESS),
            _reports(edition),
            units_with_links(edition, ADDRESS, hidden=True),
        ],
        when=f"{edition.until} · {pages}",
        lead=_lead(edition, unusual, targets),
    )


def _lead(edition: Edition, unusual: list[signals.Found], targets: list[signals.Found]) -> str:
    """What left its limits, how many targets are met; the office's words where none is judged."""
    said = []
    if unusual or targets:
        said.append(_unusual(unusual))
    if targets:
        met, every = len(signals.toned(targets, "good")), len(targets)
        said.append(_met(met, every))
    return " ".join(said) or edition.site.params.site.about


def _unusual(found: list[signals.Found]) -> str:
    """I de senaste rapporterna är ett nyckeltal sämre än vanligt och sex bättre."""
    limits = [one for one in found if one.signal.kind == "limits"]
    bad, good, other = (len(signals.toned(limits, tone)) for tone in _TONES)
    start = "I de senaste rapporterna"
    if not limits:
        return f"{start} ligger inget nyckeltal utanför sina vanliga gränser."
    if not bad and not good:
        many = wording.plural(other, "ovanligt", "ovanliga")
        return f"{start} är {_figures(other)} {many}."
    if bad:
        text = f"{start} är {_figures(bad)} sämre än vanligt och {_few(good)} bättre"
    else:
        text = f"{start} är {_figures(good)} bättre än vanligt och inget sämre"
    if other:
        text += f". Därtill är {_few(other)} {wording.plural(other, 'ovanligt', 'ovanliga')}"
    return f"{text}."


def _figures(count: int) -> str:
    return f"{_few(count)} nyckeltal"


def _few(count: int) -> str:
    return wording.count_word(count, neuter=True) if count else "inget"


def _met(met: int, every: int) -> str:
    if every == 1:
        return "Det enda målet nås." if met else "Det enda målet nås inte."
    if met == every:
        return f"Alla {wording.count_word(every)} målen nås."
    return f"Av {wording.count_word(every)} mål nås {_few(met)}."


def _numbers(edition: Edition, targets: list[signals.Found]) -> str:
    """The county in a few numbers: queues, targets, freshness, what is new in this version."""
    figures = [_queues(edition), _targets(targets), _fresh(edition), _pages(edition)]
    return key_figures(figure for figure in figures if figure)


Figure = tuple[str, str, list[str]]


def _queues(edition: Edition) -> Figure | None:
    found = signals.queues_of_all(edition)
    if found is None:
        return None
    queues, spots = found
    when = wording.upper_first(spots[0].period.long)
    units = edition.site.params.units
    if all(units.get(spot.subject.id).kind is UnitKind.VO for spot in spots):
        whose = wording.plural(len(spots), "verksamhetsområde", "verksamhetsområden")
    else:
        whose = wording.plural(len(spots), "enhet", "enheter")
    count = wording.count_word(len(spots), neuter=whose.startswith("verksamhetsområde"))
    link = anchor("Så räknar vi", "sa-raknar-vi/index.html#queues_over_limit")
    number = f"{wording.number(queues.over)} av {wording.number(queues.queues)}"
    label = "Köer där någon väntat längre än vårdgarantin"
    return label, number, [f"{escape(when)}, {count} {whose}", link]


def _targets(targets: list[signals.Found]) -> Figure | None:
    if not targets:
        return None
    met = len(signals.toned(targets, "good"))
    remark = anchor("Vilka som inte nås", "#mal") if met < len(targets) else "alla nås"
    return "Mål som nås", f"{wording.number(met)} av {wording.number(len(targets))}", [remark]


def _fresh(edition: Edition) -> Figure:
    still = standing(edition)
    until = fresh_until(edition)
    place = "#farskhet" if edition.manifest else ""
    link = anchor("Datakvalitet", f"datakvalitet/index.html{place}")
    remarks = [f"{wording.count_word(len(still))} tabeller står stilla"] if len(still) > 1 else []
    if len(still) == 1:
        remarks = ["en tabell står stilla"]
    if until and not still:
        remarks = [f"nya väntas senast {wording.day(until)}"]
    return "Uppgifter till och med", wording.day(edition.night), [*remarks, link]


def _pages(edition: Edition) -> Figure:
    """How many pages there are; what is new differs from build to build, and stands elsewhere."""
    number = wording.number(edition.site.page_count())
    return "Sidor", number, [anchor("Nytt sedan förra versionen", "nytt/index.html")]


def _reports(edition: Edition) -> str:
    """Every report by its area, with the question that it answers."""
    site = edition.site
    cards = []
    for area in site.areas():
        reports = [
            f"{anchor(report.title, f'{report_folder(report)}/index.html')}"
            f"<small>{escape(report.question)}</small>"
            for report in site.reports_of(area)
        ]
        if reports:
            name = anchor(site.website.area_name(area), f"{area}/index.html")
            listed = items(reports, "questions")
            cards.append(f'<li class="card">\n<h3>{name}</h3>\n{listed}\n</li>')
    body = "\n".join(cards)
    more = paragraph(
        "Vad varje mått betyder står under",
        f"{anchor('Så räknar vi', 'sa-raknar-vi/index.html')}.",
    )
    return section("Rapporter", f'<ul class="cards">\n{body}\n</ul>', more, name="rapporter")
