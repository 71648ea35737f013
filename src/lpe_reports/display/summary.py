"""The sentences that say what happened, made from the numbers and true in every case.

Series are given in the order in which they are to be said. Those about one place that tell
what was done become one sentence; waiting lists become one about what moved; of shares within
the guarantee the lowest is told. Missing values are said to be so; hidden ones too, where
nothing that is shown would be pushed out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from lpe_reports import wording
from lpe_reports.display.remarks import moved, remarks, stands_still
from lpe_reports.display.series.judging import is_special
from lpe_reports.display.series.model import Series
from lpe_reports.errors import DisclosureError

MOST_SENTENCES = 3
# Less than any sentence about what is shown.
_LEAST = -1


@dataclass(frozen=True)
class Sentence:
    """One sentence and how much it matters."""

    text: str
    weight: int


def summary_text(given: Iterable[object], *, subject: str = "") -> str:
    """Two or three short sentences on what happened.

    Args:
        given: Series, and sentences of the author's own, which are kept as they are.
        subject: What a series without a place is about: the page's unit.

    Raises:
        DisclosureError: A part is neither a series nor a text.
    """
    sentences: list[Sentence] = []
    parts: list[Series | str] = []
    for part in given:
        if isinstance(part, Series | str):
            parts.append(part)
        else:
            raise DisclosureError(
                f"p.summary takes series and sentences, not a {type(part).__name__}"
            )
    for (form, _), group in groupby(parts, key=_group_of):
        chosen = list(group)
        series = [part for part in chosen if isinstance(part, Series)]
        if form == "text":
            sentences += [Sentence(str(text).strip(), 5) for text in chosen if str(text).strip()]
        else:
            sentences += _unknown(series, subject)
            known = [one for one in series if one.now.known]
            if known:
                sentences.append(_FORMS[form](known, subject))
    return " ".join(sentence.text for sentence in _most_important(sentences))


def _group_of(part: Series | str) -> tuple[str, str]:
    if isinstance(part, str):
        return "text", ""
    form = part.measure.wording.form
    # What was done is told place by place, the lists together.
    return form, part.place if form == "did" else part.name if form == "level" else (
        part.measure.id
    )


def _most_important(sentences: Sequence[Sentence]) -> list[Sentence]:
    kept = sorted(sentences, key=lambda sentence: -sentence.weight)[:MOST_SENTENCES]
    return [sentence for sentence in sentences if sentence in kept]


def _did(series: Sequence[Series], subject: str) -> Sentence:
    """Bollnäs hade 18 av 20 salar öppna och gjorde 46 operationer, en över målet."""
    place = series[0].place or subject
    clauses, weight = [], 0
    for one in series:
        said = remarks(one)
        counted, told_target = _counted(one)
        if told_target:
            said = [remark for remark in said if not remark.words.endswith("målet")]
        weight = max([weight, *(remark.weight for remark in said)])
        verb = one.measure.wording.supine if one.ongoing else one.measure.wording.past
        clause = f"{verb} {counted}"
        if said:
            clause += f", {wording.listing([remark.words for remark in said])}"
        clauses.append(clause)
    # A clause that ends in a remark closes it with a comma before the next begins.
    joined = clauses[0]
    for before, clause in pairwise(clauses):
        joined += f"{',' if ', ' in before else ''} och {clause}"
    start = f"Hittills har {place}" if series[0].ongoing else place
    return Sentence(f"{start} {joined}.", weight + 1)


def _counted(series: Series) -> tuple[str, bool]:
    """The number with its noun, and whether it also told the target: 18 av 20 salar öppna."""
    words, column = series.measure.wording, series.value_column
    value = series.now.value or 0.0
    number = wording.cell_text(series.now.value, column)
    noun = words.one if number == "1" else words.many
    target = series.target
    if series.measure.id == "open_theatres" and target is not None and value < target.value:
        return f"{number} av {wording.short_text(target.value, column)} {words.many}", True
    if number == "0":
        return f"inga {words.many}", False
    if number == "1":
        return f"en {noun}", False
    return f"{number} {noun}", False


def _stock(series: Sequence[Series], subject: str) -> Sentence:
    """Väntelistorna till operation i Bollnäs och Hudiksvall är i stort sett oförändrade."""
    known = [(one, moved(one)) for one in series]
    still = [one for one, move in known if move is not None and stands_still(one)]
    gone = [(one, move) for one, move in known if move is not None and one not in still]
    grown = [one for one, move in gone if move > 0]
    shrunk = [one for one, move in gone if move < 0]
    weight = 2 if any(map(is_special, series)) else 1 if grown or shrunk else 0
    one, several = (wording.upper_first(words) for words in series[0].subjects)
    if grown or shrunk:
        told = [
            f"{verb} {wording.listing([_move(one, subject) for one in moving])}"
            for moving, verb in ((grown, "växte"), (shrunk, "krympte"))
            if moving
        ]
        rest = f" och var i stort sett oförändrad {_in_places(still, subject)}" if still else ""
        text = f"{one} {' men '.join(told)}{rest}"
    elif len(still) > 1:
        text = f"{several} {_in_places(still, subject)} är i stort sett oförändrade"
    elif still:
        where, count = _in_places(still, subject), _is(still[0])
        text = f"{one} {where} är i stort sett oförändrad, {count} väntar"
    else:
        text = wording.upper_first(
            wording.listing([f"{_in_places([one], subject)} väntar {_is(one)}" for one in series])
        )
    return Sentence(f"{' '.join(text.split(' '))}.", weight)


def _guarantee(series: Sequence[Series], subject: str) -> Sentence:
    """I Hudiksvall har tre av tio som omfattas väntat längre än vårdgarantins 90 dagar."""
    lowest = min(series, key=lambda one: one.now.value if one.now.value is not None else 2.0)
    over = round(1 - (lowest.now.value or 0.0), 9)
    place = _in_places([lowest], subject)
    days = lowest.limit_days
    limit = f"vårdgarantins {days} dagar" if days else "vårdgarantin lovar"
    tenths = wording.fraction_words(over)
    if over == 0:
        who = "ingen som omfattas"
    elif tenths is not None and " av " in tenths:
        who = f"{tenths} som omfattas"
    else:
        who = f"{tenths or wording.share(over)} av dem som omfattas"
    start = f"{place} har {who}" if place else f"{who} har"
    text = f"{wording.upper_first(start)} väntat längre än {limit}."
    return Sentence(text, 3 if over >= 0.1 else 1)


def _level(series: Sequence[Series], subject: str) -> Sentence:
    """Mediantiden till operation i Bollnäs var 84 dagar, 3 dagar mer än förra månaden."""
    one = series[0]
    said = remarks(one)
    column = one.value_column
    value = wording.cell_text(one.now.value, column)
    if column.type == "days":
        value = wording.days(one.now.value or 0.0, column.decimals)
    elif column.type == "hours":
        value = wording.hours(one.now.value or 0.0, column.decimals)
    start = f"{wording.upper_first(one.subjects[0])} {_in_places([one], subject)}".strip()
    text = f"{start} {'är hittills' if one.ongoing else 'var'} {value}"
    if said:
        text += f", {wording.listing([remark.words for remark in said])}"
    return Sentence(f"{text}.", max([1, *(remark.weight for remark in said)]))


def _unknown(series: Sequence[Series], subject: str) -> list[Sentence]:
    """What is missing is said to be; what is hidden where there is room for it."""
    sentences = []
    hidden = [one for one in series if one.now.hidden]
    if hidden:
        sentences.append(Sentence(_hidden(hidden, subject), _LEAST))
    missing = [one for one in series if not one.now.known and not one.now.hidden]
    if missing:
        names = [f"{one.subjects[0]} {_in_places([one], subject)}".strip() for one in missing]
        sentences.append(Sentence(f"Uppgift saknas: {wording.listing(names)}.", 3))
    return sentences


def _hidden(series: Sequence[Series], subject: str) -> str:
    """Andelen inom vårdgarantin i Hudiksvall visas inte, eftersom den skulle avslöja …

    Whether it is of few patients itself or beside a number that is, nobody is told.
    """
    one, several = series[0].subjects
    if any(other.subjects != (one, several) for other in series):
        names = [f"{other.subjects[0]} {_in_places([other], subject)}".strip() for other in series]
        named, many = wording.listing(names), True
    else:
        named = f"{one if len(series) == 1 else several} {_in_places(series, subject)}".strip()
        many = len(series) > 1 and several != one
    # What was done is named in the plural: operationer, öppna salar.
    they = "de" if many or series[0].measure.wording.form == "did" else "den"
    why = f"eftersom {they} skulle avslöja tal om för få patienter"
    return f"{wording.upper_first(named)} visas inte, {why}."


def _move(series: Series, subject: str) -> str:
    before = series.before.value if series.before else None
    was = wording.cell_text(before, series.value_column)
    return f"{_in_places([series], subject)} från {was} till {_is(series)}".strip()


def _in_places(series: Sequence[Series], subject: str) -> str:
    places = [place for place in dict.fromkeys(one.place or subject for one in series) if place]
    # A town is a place one is in, a department one that one is at.
    towns = [place for place in places if " " not in place]
    departments = [place for place in places if " " in place]
    named = [
        f"{word} {wording.listing(names)}"
        for word, names in (("i", towns), ("på", departments))
        if names
    ]
    return " och ".join(named)


def _is(series: Series) -> str:
    return wording.cell_text(series.now.value, series.value_column)


_FORMS = {"did": _did, "stock": _stock, "guarantee": _guarantee, "level": _level}
