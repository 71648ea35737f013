"""Answers on those who wait without a booked date: by unit, procedure group and ASA."""

from collections.abc import Mapping, Sequence

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import UNBOOKED, procedure_ids
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.lists import on_list, snapshot
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import with_procedure_group
from lpe_reports.measures.waiting import unbooked_by_asa

_ASA_LABELS = {
    "asa_1_2": "ASA 1–2",
    "asa_3": "ASA 3",
    "asa_4_6": "ASA 4–6",
    "asa_3_6": "ASA 3–6",
    "asa_unknown": "ASA okänd",
    "asa_4_6_unknown": "ASA 4–6 eller okänd",
    "asa_3_6_unknown": "ASA 3–6 eller okänd",
}
# From fine to coarse: which columns of `unbooked_by_asa` each shown one holds, and what is said.
_ASA_DIVIDED: tuple[tuple[dict[str, tuple[str, ...]], str], ...] = (
    (
        {name: (name,) for name in ("asa_1_2", "asa_3", "asa_4_6", "asa_unknown")},
        "",
    ),
    (
        {
            "asa_1_2": ("asa_1_2",),
            "asa_3": ("asa_3",),
            "asa_4_6_unknown": ("asa_4_6", "asa_unknown"),
        },
        "ASA 4–6 och okänd visas tillsammans: var för sig skulle för många tal döljas.",
    ),
    (
        {
            "asa_1_2": ("asa_1_2",),
            "asa_3_6": ("asa_3", "asa_4_6"),
            "asa_unknown": ("asa_unknown",),
        },
        "ASA 3–6 visas tillsammans: var för sig skulle för många tal döljas.",
    ),
    (
        {"asa_1_2": ("asa_1_2",), "asa_3_6_unknown": ("asa_3", "asa_4_6", "asa_unknown")},
        "ASA 3–6 och okänd visas tillsammans: var för sig skulle för många tal döljas.",
    ),
    (
        {},
        "Visas utan ASA-grupp: med den skulle för många tal döljas.",
    ),
)


@answer
def by_group(page: Page, *, units: Sequence[str], groups: Sequence[str]) -> Protected:
    """Waiting for operation without a booked date: a row per unit and procedure group.

    Returns:
        [unit, group, asa_1_2, asa_3, asa_4_6, asa_unknown, unbooked], with fewer or no columns
        of ASA where too many would be hidden; other procedures are one group of their own, so
        that the rows of a unit add up to its list.
    """
    entries = snapshot(page, "operation", ["unit", "procedure_code", "asa", "booked_for"])
    entries = entries[entries["unit"].isin(units)]
    prefixes = {group: page.params.procedures.prefixes(group) for group in groups}
    names = {group: page.params.procedures.name(group) for group in groups}
    entries = with_procedure_group(entries, prefixes, as_="group")
    entries = entries.assign(group=entries["group"].fillna(""))
    counted = unbooked_by_asa(entries, by=["unit", "group"])
    order = {group: number for number, group in enumerate([*groups, ""])}
    place = {unit: number for number, unit in enumerate(units)}
    counted = counted.assign(_unit=counted["unit"].map(place), _group=counted["group"].map(order))
    counted = counted.sort_values(["_unit", "_group"])
    ids = procedure_ids(prefixes)
    counted = counted.assign(
        unit_id=counted["unit"],
        group_id=counted["group"].map(ids),
        unit=counted["unit"].map(lambda unit: page.params.units.get(unit).name),
        group=counted["group"].map(lambda group: names.get(group, "Övriga")),
    )
    return page.protect_coarsest(
        [_draft(page, counted, parts) for parts, _ in _ASA_DIVIDED],
        table="unbooked",
        notes=[note for _, note in _ASA_DIVIDED],
    )


def _draft(page: Page, counted: pd.DataFrame, parts: Mapping[str, tuple[str, ...]]) -> Draft:
    """The unbooked, with a column for each of some parts of ASA."""
    frame = counted.assign(**{id_: counted[list(of)].sum(axis=1) for id_, of in parts.items()})
    columns = [
        Column("unit", "Operationsenhet", trait=UNIT, trait_from="unit_id"),
        Column("group", "Åtgärdsgrupp", trait="procedure", trait_from="group_id"),
        *(
            Column(
                id_, _ASA_LABELS[id_], "count", part_of="unbooked",
                traits=(("asa", id_.removeprefix("asa_").replace("_", "-")), *UNBOOKED),
            )
            for id_ in parts
        ),
        Column("unbooked", "Obokade", "count", traits=UNBOOKED),
    ]  # fmt: skip
    return Draft(frame, columns, about=on_list(page, "operation"))
