"""The whole flow: how long each step from referral to home takes, and where it is slowest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from lpe_reports.measures.flow_steps import STEPS, Pathway, Span, StepRows
from lpe_reports.measures.grouping import add_up, share
from lpe_reports.measures.late_entry import (
    LEAST_AT_RISK,
    NOT_REACHED,
    states_of,
    thin_after,
    until_thin,
)
from lpe_reports.measures.spells import DONE, LEFT, SPELL_COLUMNS, STILL_WAITING
from lpe_reports.measures.survival import first_below, kaplan_meier, risk_table
from lpe_reports.measures.waiting_time import numbered_groups

FLOW_COLUMNS = (
    "step", "state", "number_in", "done", "left", "still_waiting", "median_days", "p90_days",
    "km_median_days", "km_reached", "km_state", "linkable", "lost_links", "linked_share",
    "bottleneck",
)  # fmt: skip
_COUNTS = ["number_in", "done", "left", "still_waiting", "linkable", "lost_links"]
_NAMES = tuple(STEPS)
# Steps go by number until they are shown: numbers group faster than text, and in their order.
_NUMBER = "_step"
MEASURED, NOBODY, NO_DATA = "measured", "nobody", "no_data"


def flow(
    tables: Pathway,
    *,
    by: Sequence[str],
    start: date,
    end: date,
    least_at_risk: int = LEAST_AT_RISK,
) -> pd.DataFrame:
    """How many took each step from referral to home, how long it took, and where they wait.

    Args:
        tables: The tables that there are, see `flow_steps.Pathway`.
        by: Columns of referrals, contacts, needs and operations that make the groups. Stays
            belong to the group of their operation; what is linked to none is a group of null.
        start: The period's first day.
        end: The day after the last day of which anything is known.
        least_at_risk: With fewer in a step on some day, while others enter later, its
            Kaplan–Meier median is not told from that day on; see `late_entry`.

    Returns:
        Seven rows per group, in the order of `flow_steps.STEPS`: [*by, step, state, number_in,
        done, left, still_waiting, median_days, p90_days, km_median_days, km_reached, km_state,
        linkable, lost_links, linked_share, bottleneck]. `state` is "measured", "nobody" or, where a
        table is missing, "no_data": all numbers of such a step are null. In the period so many came
        in to the step, took it (done) or left the way; so many were in it still at its end. Median
        and P90 are days of those who took it (type 7); the Kaplan–Meier median counts all who were
        in it, and is NaN, `km_reached` False, where more than half are in it still (`km_state`
        "not_reached") or too few were seen in it on short waits to tell ("too_few_at_risk"); else
        `km_state` is "measured", null where nobody was in it. Of the events that ended the step in
        the period so many ought to have a row that they followed on (linkable), and so many have
        none that could be found. Nobody knows who waits for a decision to operate: of that step
        `left` and `still_waiting` are null. `bottleneck` marks each group's step with the longest
        Kaplan–Meier median; one that is not reached is longer than any other where somebody is in
        it still, and one that all others have left, or with too few at risk, is left out.

    Glossary: care_flow, care_flow_links, bottleneck

    Source: The steps are the office's; Kaplan and Meier 1958, late entry as in `spells`.
    """
    span = Span(tuple(dict.fromkeys(by)), start, end)
    steps = {name: rows_of(tables, span) for name, rows_of in STEPS.items()}
    known = {name: rows for name, rows in steps.items() if rows is not None}
    keys = list(span.by)
    on = [*keys, _NUMBER]
    answer = _grid(known, span)
    for counted in (_counted(known, span, least_at_risk), _linked(known, span)):
        answer = answer.merge(counted, on=on, how="left", validate="one_to_one")
    answer = _with_state(answer, known)
    answer["km_reached"] = answer["km_median_days"].notna()
    answer["bottleneck"] = _slowest(answer, keys)
    return answer[[*keys, *FLOW_COLUMNS]]


def _with_state(answer: pd.DataFrame, known: dict[str, StepRows]) -> pd.DataFrame:
    """The steps with their names and states: 0 where nobody was, null where nobody knows."""
    answer["step"] = pd.array([_NAMES[number] for number in answer[_NUMBER]], dtype="str")
    measured = answer["step"].isin(list(known))
    has = answer["number_in"].notna() | answer["linkable"].notna()
    state = np.select([measured & has, measured], [MEASURED, NOBODY], default=NO_DATA)
    answer["state"] = pd.array(state, dtype="str")
    for name in _COUNTS:
        zero = answer[name].astype("Int64").fillna(0)
        answer[name] = zero.where(measured)
    retrospective = [name for name, rows in known.items() if not rows.open_ended]
    unknown = answer["step"].isin(retrospective)
    answer[["left", "still_waiting"]] = answer[["left", "still_waiting"]].mask(unknown)
    return answer


def _grid(known: dict[str, StepRows], span: Span) -> pd.DataFrame:
    """Every group of any step, with every step."""
    keys = list(span.by)
    steps = pd.DataFrame({_NUMBER: range(len(STEPS))})
    if not keys:
        return steps
    frames = [part[keys] for rows in known.values() for part in (rows.spells, rows.links)]
    every = pd.concat(frames) if frames else pd.DataFrame(columns=keys, dtype="str")
    groups, _ = numbered_groups(every, keys)
    return groups.merge(steps, how="cross")


def _counted(known: dict[str, StepRows], span: Span, least: int) -> pd.DataFrame:
    """What happened in each group's step, and how long it took."""
    on = [*span.by, _NUMBER]
    spells = _stacked({name: rows.spells for name, rows in known.items()}, [*on, *SPELL_COLUMNS])
    outcome = pd.Series(spells["outcome"]).astype("int64")
    answer = add_up(
        spells,
        on,
        sums={
            "number_in": spells["entry"].astype("int64") < 0,
            "done": outcome == DONE,
            "left": outcome == LEFT,
            "still_waiting": outcome == STILL_WAITING,
        },
        values=spells["exit"].where(outcome == DONE),
        statistics={"median_days": 0.5, "p90_days": 0.9},
    )
    groups, codes = numbered_groups(spells, on)
    entry, exit_ = (spells[name].to_numpy(dtype=np.float64) for name in ("entry", "exit"))
    table = risk_table(codes, entry, exit_, np.asarray(outcome, dtype=np.int64), outcomes=2)
    thin = thin_after(codes, entry, exit_, groups=len(groups), least=least)
    median = first_below(kaplan_meier(table, outcome=DONE), "survival", 0.5, groups=len(groups))
    median = until_thin(median, thin)
    return answer.assign(km_median_days=median, km_state=states_of(median, thin))


def _linked(known: dict[str, StepRows], span: Span) -> pd.DataFrame:
    """How many of the events that ended each step could be linked to what came before."""
    on = [*span.by, _NUMBER]
    links = _stacked({name: rows.links for name, rows in known.items()}, [*on, "linked"])
    linked = links["linked"].astype(bool)
    answer = add_up(links, on, sums={"linkable": linked | ~linked, "_linked": linked})
    answer["lost_links"] = answer["linkable"] - answer["_linked"]
    answer["linked_share"] = share(answer["_linked"], answer["linkable"])
    return answer.drop(columns="_linked")


def _stacked(parts: dict[str, pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    frames = [
        part.assign(**{_NUMBER: _NAMES.index(name)})[columns]
        for name, part in parts.items()
        if len(part)
    ]
    if not frames:
        return pd.DataFrame(columns=columns).astype({_NUMBER: "int64"})
    return pd.concat(frames, ignore_index=True)


def _slowest(answer: pd.DataFrame, keys: list[str]) -> pd.Series[bool]:
    """Whether each row is its group's step with the longest median, the first of equals.

    Steps that nobody was in, or whose median cannot be told, are none. Nor is one that most leave
    for somewhere else, so that its median is not reached, and that nobody waits in.
    """
    waited_in = (answer["km_state"] == NOT_REACHED) & (answer["still_waiting"].fillna(0) > 0)
    days = answer["km_median_days"].mask(waited_in, np.inf).fillna(-1.0)
    ordered = answer[keys].assign(_days=days)[days >= 0]
    first = ordered.sort_values("_days", ascending=False, kind="stable")
    slowest = first.drop_duplicates(keys) if keys else first.head(1)
    return pd.Series(answer.index.isin(slowest.index), index=answer.index)
