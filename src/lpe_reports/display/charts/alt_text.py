"""Alt texts: what a chart shows, made from its data, true for every series."""

from collections.abc import Sequence

from lpe_reports import wording
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.bars import Bars
from lpe_reports.display.naming import since, span
from lpe_reports.display.series.judging import COMMON, variation
from lpe_reports.display.series.model import Point, Series


def trend_alt(series: Series) -> str:
    """Öppna salar, vecka 11–19 2026: mellan 12 och 20, senast 18. Målet 20 nås en vecka av nio."""
    head = f"{_named(series)}, {span(series.periods)}"
    sentences = [f"{head}: {_range(series)}"]
    target = _target_sentence(series)
    if target:
        sentences.append(target)
    judged = variation(series)
    if judged is not None and judged[1] != COMMON:
        sentences.append(f"Senaste värdet: {judged[1]}")
    gaps = sum(point.hidden for point in series.points)
    if gaps:
        many = wording.plural(gaps, "värde är dolt", "värden är dolda")
        sentences.append(f"{wording.upper_first(wording.count_word(gaps, neuter=True))} {many}")
    return ". ".join(sentences) + "."


def lines_alt(series: Sequence[Series], names: Sequence[str]) -> str:
    """Each series' range and last value, one sentence each."""
    periods = max((one.periods for one in series), key=len)
    told = [f"{name} {_range(one)}" for one, name in zip(series, names, strict=True)]
    same = len({one.list_words for one in series}) == 1
    label = _label(series[0]) if same else series[0].measure.label
    return f"{label}, {span(periods)}. {'; '.join(told)}."


def bars_alt(table: Protected, bars: Bars, caption: str) -> str:
    """The longest and the shortest bar by name, and how many there are."""
    names = [column.id for column in table.columns]
    label, value = names.index(bars.label), names.index(bars.value)
    column = table.column(bars.value)
    known = [row for row in table.cells() if isinstance(row[value], int | float)]
    if not known:
        return f"{caption}: inga värden att visa."
    ordered = sorted(known, key=lambda row: float(row[value] or 0), reverse=True)
    first, last = ordered[0], ordered[-1]
    named = [
        f"{wording.cell_text(row[label], table.column(bars.label))} "
        f"{wording.cell_text(row[value], column)}"
        for row in (first, last)
    ]
    if len(known) == 1:
        return f"{caption}: {named[0]}."
    if first[value] == last[value]:
        return f"{caption}: alla {len(known)} lika, {wording.cell_text(first[value], column)}."
    return f"{caption}, {len(known)} staplar: högst {named[0]}, lägst {named[1]}."


def _named(series: Series) -> str:
    """Its name, and of a waiting list which: Väntande till operation, Bollnäs."""
    label, labelled = series.measure.label, _label(series)
    if series.list_words in series.name:
        return series.name
    if series.name.startswith(label):
        return labelled + series.name.removeprefix(label)
    return f"{labelled}, {series.name}"


def _label(series: Series) -> str:
    """What is measured, and of a waiting list which: Väntande till operation."""
    label, which = series.measure.label, series.list_words
    if not which:
        return label
    return f"{label}{'' if series.measure.wording.form == 'stock' else ' för väntande'} {which}"


def _over(series: Series) -> list[Point]:
    """The points of the periods that are over."""
    return list(series.points[:-1] if series.ongoing else series.points)


def _range(series: Series) -> str:
    column, now = series.value_column, series.now
    known = [point.value for point in _over(series) if point.value is not None]
    last = f"senast {wording.cell_text(now.value, column, now.hidden)}"
    if now.value is None and not now.hidden:
        last = "senaste värdet saknas"
    elif series.ongoing:
        so_far = wording.cell_text(now.value, column, now.hidden)
        last = f"hittills {so_far} ({since(series.period, series.period)})"
    if not known:
        if series.ongoing and now.value is not None:
            return last
        hidden = any(point.hidden for point in series.points)
        return "alla värden är dolda" if hidden else "uppgifter saknas"
    low, high = (wording.cell_text(f(known), column) for f in (min, max))
    if low == high:
        told = now.value is not None and not series.ongoing
        return f"hela tiden {low}" if told else f"hela tiden {low}, {last}"
    lowest = next(
        period
        for period, point in zip(series.periods, _over(series), strict=False)
        if point.value == min(known)
    )
    return f"mellan {low} ({since(lowest, series.period)}) och {high}, {last}"


def _target_sentence(series: Series) -> str:
    if series.target is None:
        return ""
    judged = [
        target.met_by(point.value)
        for point, target in zip(_over(series), series.targets, strict=False)
        if target is not None and point.value is not None
    ]
    if not judged:
        return ""
    words = wording.PERIOD_WORDS[series.period.kind]
    met, count = sum(judged), len(judged)
    target = wording.short_text(series.target.value, series.value_column)
    changed = len({t.value for t in series.targets if t is not None}) > 1
    goal = "Målet" if changed else f"Målet {target}"
    neuter = words.one in ("kvartal", "tertial", "år")
    of = wording.count_word(count, neuter=neuter)
    if count == 1:
        return f"{goal} {'nås' if met else 'nås inte'}"
    if met == count:
        return f"{goal} nås alla {of} {words.many}"
    if met == 0:
        return f"{goal} nås inte {'något' if neuter else 'någon'} av de {of} {words.these}"
    often = wording.count_word(met, neuter=neuter)
    noun = words.one if met < 2 else words.many
    return f"{goal} nås {often} {noun} av {of}"
