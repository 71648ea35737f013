"""Judgements on a series' last point, in words and a tone."""

from lpe_reports.display.blocks import Tone
from lpe_reports.display.naming import since
from lpe_reports.display.series.model import Series

Judgement = tuple[Tone, str]

COMMON = "vanlig variation"
_WORDS = {
    ("outside", "up"): "högre än vanligt",
    ("outside", "down"): "lägre än vanligt",
    ("two_of_three", "up"): "nära sin övre gräns",
    ("two_of_three", "down"): "nära sin undre gräns",
    ("trend", "up"): "stiger sedan {since}",
    ("trend", "down"): "sjunker sedan {since}",
    ("shift", "up"): "{more} än vanligt sedan {since}",
    ("shift", "down"): "{more} än vanligt sedan {since}",
}
_MORE = {
    (True, "up"): "fler",
    (True, "down"): "färre",
    (False, "up"): "högre",
    (False, "down"): "lägre",
}
# Under so few points "usual" would say nothing.
_FEWEST_POINTS = 5
# Counts that are mostly none, one or two: what is unusual among them means nothing.
_SMALLEST_MEAN = 3


def variation(series: Series) -> Judgement | None:
    """Whether the last point is more than chance: vanlig variation, stiger sedan v. 12.

    None where the point is hidden or missing, the period is not over, too few are known, or the
    series counts too few.
    """
    if not series.now.known or series.ongoing:
        return None
    last = series.limits.iloc[-1]
    known = sum(point.known for point in series.points)
    if known < _FEWEST_POINTS or last[["lower", "upper"]].isna().any() or tiny(series):
        return None
    cause, side = str(last["special_cause"]), str(last["side"])
    if not cause:
        return "plain", COMMON
    words = _WORDS[cause, side].format(
        since=since(series.periods[_began(series)], series.period),
        more=_MORE[series.measure.type == "count", side],
    )
    improvement = series.measure.improvement
    tone: Tone = "flag" if improvement is None else "good" if side == improvement else "bad"
    return tone, words


def tiny(series: Series) -> bool:
    """Whether it counts so few that what is more than chance cannot be told."""
    means = series.limits["mean"].dropna()
    if series.measure.type != "count" or means.empty:
        return False
    return bool(means.iloc[-1] < _SMALLEST_MEAN)


def against_target(series: Series) -> Judgement | None:
    """Whether the last value meets its target: når målet, under målet; None without one."""
    if series.target is None or series.now.value is None:
        return None
    if series.ongoing and not series.measure.stock and not series.target.met_by(series.now.value):
        return None  # it may still be met
    return series.target.judge(series.now.value)


def judgements(series: Series) -> tuple[Judgement, ...]:
    """What is said beside a key figure: the target first, variation where it says more."""
    target, usual = against_target(series), variation(series)
    if target is None:
        return (usual,) if usual else ()
    return (target, usual) if usual and usual[1] != COMMON else (target,)


def is_special(series: Series) -> bool:
    """Whether the last point is more than chance."""
    judged = variation(series)
    return judged is not None and judged[1] != COMMON


def _began(series: Series) -> int:
    """The position where the last point's trend or shift began."""
    values = [point.value for point in series.points]
    means = series.limits["mean"].tolist()
    last = series.limits.iloc[-1]
    up = last["side"] == "up"
    position = len(values) - 1
    while position > 0:
        value, earlier = values[position], values[position - 1]
        if earlier is None or value is None:
            break
        if last["special_cause"] == "trend":
            goes_on = value > earlier if up else value < earlier
        else:
            goes_on = earlier > means[position - 1] if up else earlier < means[position - 1]
        if not goes_on:
            break
        position -= 1
    return position
