"""What is worth saying of a series' last value, each remark exactly true of what is shown."""

from dataclasses import dataclass

from lpe_reports import wording
from lpe_reports.display.series.judging import COMMON, against_target, variation
from lpe_reports.display.series.model import Series

# A record over fewer periods is no news.
FEWEST_FOR_RECORD = 6
# A list that moved less, or by fewer persons, is "i stort sett oförändrad".
_SMALL_MOVE = 0.02
_FEW_PERSONS = 5

_SAME = {"count": "många", "share": "hög"}


@dataclass(frozen=True)
class Remark:
    """A few words after a number, and how much they matter."""

    words: str
    weight: int


def remarks(series: Series, *, most: int = 2) -> list[Remark]:
    """What is said after the number: against target, a record, beyond chance, else the change.

    Args:
        series: A series whose last value is shown.
        most: How many remarks at most.
    """
    said = [
        remark
        for remark in (_target(series), _record(series), _variation(series))
        if remark is not None
    ]
    # A record is a way of saying that the value is unusual; both would say it twice.
    said = sorted(said, key=lambda remark: -remark.weight)[:most]
    if said:
        order = (_target(series), _record(series), _variation(series))
        return [remark for remark in order if remark in said]
    change = _change(series)
    return [change] if change else []


def difference(series: Series, other: float) -> str:
    """How far the last value lies from another, as an amount: en, 1,2 procentenheter, 3 dagar."""
    column, now = series.value_column, series.now.value or 0.0
    words = wording.change(now, other, column)
    if words == wording.UNCHANGED:
        return ""
    amount = words.partition(" ")[2]
    if column.type == "count" and abs(now - other) <= 12:
        return wording.count_word(int(abs(now - other)))
    return amount


def moved(series: Series) -> float | None:
    """The relative change since the period before; None where either is unknown or 0."""
    before, now = series.before, series.now
    if before is None or not before.value or now.value is None:
        return None
    return (now.value - before.value) / before.value


def stands_still(series: Series) -> bool:
    """Whether a list moved too little since the period before to be called grown or shrunk."""
    move, before, now = moved(series), series.before, series.now.value
    if move is None or before is None or before.value is None or now is None:
        return False
    return abs(move) < _SMALL_MOVE or abs(now - before.value) < _FEW_PERSONS


def _target(series: Series) -> Remark | None:
    judged, target, now = against_target(series), series.target, series.now.value
    if judged is None or target is None or now is None:
        return None
    amount = difference(series, target.value)
    if not amount:
        return Remark("precis på målet", 2)
    side = "över" if now > target.value else "under"
    return Remark(f"{amount} {side} målet", 2 if target.met_by(now) else 3)


def _record(series: Series) -> Remark | None:
    """Flest på åtta veckor: strictly beyond each of the periods before, none of them unknown."""
    now = series.now.value
    if now is None or series.ongoing:
        return None
    earlier = [point.value for point in series.points[-2::-1]]
    level = series.measure.wording.form == "level"
    lowest = "lägst" if level else "det lägsta antalet"
    for highest, words in ((True, "högst" if level else "flest"), (False, lowest)):
        reach = 0
        for value in earlier:
            if value is None or (value >= now if highest else value <= now):
                break
            reach += 1
        if reach + 1 >= FEWEST_FOR_RECORD:
            many = wording.PERIOD_WORDS[series.period.kind].many
            # The whole series: how it was before is not known here.
            least = "minst " if reach == len(earlier) else ""
            return Remark(f"{words} på {least}{wording.count_word(reach + 1)} {many}", 2)
    return None


def _variation(series: Series) -> Remark | None:
    judged = variation(series)
    if judged is None or judged[1] == COMMON:
        return None
    cause, side = (str(series.limits.iloc[-1][name]) for name in ("special_cause", "side"))
    high = side == "up"
    if cause == "outside":
        return Remark(f"{_more(series, high)} än vanlig variation ger", 4)
    if cause == "trend":
        return Remark(f"{'stigande' if high else 'sjunkande'} {judged[1].partition(' ')[2]}", 2)
    return Remark(judged[1], 1)


def _change(series: Series) -> Remark | None:
    before = series.before
    if before is None or before.value is None or series.now.value is None:
        return None
    if before.value == 0 and series.now.value == 0:
        return None
    amount = difference(series, before.value)
    then = series.before_label
    if not amount:
        same = _SAME.get(series.measure.type, "mycket")
        return Remark(f"lika {same} som {then}", 0)
    more = series.now.value > before.value
    if series.measure.type == "count":
        return Remark(f"{amount} {'fler' if more else 'färre'} än {then}", 1)
    return Remark(f"{amount} {_more(series, more)} än {then}", 1)


def _more(series: Series, more: bool) -> str:
    """A share is higher or lower; of days, hours and what was done there is more or less."""
    if series.measure.type == "share":
        return "högre" if more else "lägre"
    return "mer" if more else "mindre"
