"""What answers tell together of the same people: nothing that one of them hides."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lpe_reports.disclosure.across import decide_across
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import UNIT, Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import COVERED, WAITING
from lpe_reports.display.answers.capacity_need import need_by_vo
from lpe_reports.display.answers.waiting_lists import _deviation_column
from lpe_reports.display.answers.waiting_lists_wait import _read_off
from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.params.disclosure import DisclosurePolicy
from outsider import told
from small_warehouse import (
    duckdb_sources,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")

K = 5
POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=K, families=[])
NIGHT = date(2026, 5, 11)
LIST = Group.of(WAITING, list="operation", vo="ortopedi", time="2026-05-11")
UNITS = Column("unit", "Enhet", trait=UNIT, trait_from="unit_id")


def numbers(table: Protected, *names: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Columns of a table as they are read, NaN where they are hidden."""
    return table.frame[[*names]].astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def shown(frame: pd.DataFrame, columns: Sequence[Column], ledger: Ledger) -> Protected:
    return protect(
        frame, table="waiting", columns=[UNITS, *columns], policy=POLICY,
        total_row=len(frame) - 1, about=LIST, ledger=ledger,
    )  # fmt: skip


def test_who_waits_by_choice_does_not_follow_from_whom_the_guarantee_covers() -> None:
    """Of twenty the guarantee covers twelve and five chose to wait: three more are not covered."""
    units = {"unit": ["Gävle", "Hudiksvall", "Alla"], "unit_id": ["ga-cop", "hu-cop", None]}
    frame = pd.DataFrame(
        units
        | {"waiting": [20, 30, 50], "covered": [12, 17, 29], "pvv": [5, 6, 11], "mov": [3, 7, 10]}
    )
    ledger = Ledger(POLICY)
    covered = shown(
        frame,
        [
            Column("waiting", "Väntande", "count"),
            Column("covered", "Omfattas", "count", part_of="waiting", traits=COVERED),
        ],
        ledger,
    )
    deviations = shown(frame, [_deviation_column(name) for name in ("pvv", "mov")], ledger)
    read = np.column_stack(
        [numbers(covered, "covered"), numbers(deviations, "pvv", "mov"),
         numbers(covered, "waiting")]
    )  # fmt: skip

    assert np.isnan(read[0, 2])
    assert told([(("unit", "covered"), read)], K, integers=True) == []


@pytest.fixture
def capacity_page(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Page:
    """Bollnäs: of eight VO that wait there one has three who wait."""
    office = whole_project(tmp_path_factory.mktemp("together") / "office")
    here = "Bo - Op-c"
    vos = ("Kirurgi", *["Ortopedi"] * 9, *["Kvinnosjukvård"] * 7, *["Ögon"] * 8, *["ÖNH"] * 6)
    who = [*vos, *["Kirurgi"] * 2]
    office.tables = {
        "operations": [operation_at(0, pd.Timestamp("2026-03-16 08:00").to_pydatetime(),
                                    operating_unit=here)],
        "needs": [
            need(n, vo=vo, section=None, operating_unit=here, requested_at=None,
                 decided_at=pd.Timestamp("2026-03-02 08:00"), medical_priority=180)
            for n, vo in enumerate(who)
        ],
        "waiting_list": [waiting(n, "operation", NIGHT) for n in range(5)],
        "sessions": [session(0, operating_unit=here)],
        "targets": [target("aacd_raw", 0.8)],
    }  # fmt: skip
    office.sources(duckdb_sources(*office.tables))
    office.extract()
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)
    monkeypatch.setenv("LPE_PROJECT", str(office.project.root))
    return Page(find_opening("capacity", "bo-opc", "2026-W12--2026-W21", {}))


def test_needs_of_a_department_are_the_list_that_other_pages_show(capacity_page: Page) -> None:
    """A VO hidden for the sake of three must not stand on its own page of the same morning."""
    hidden = need_by_vo(capacity_page).hidden["waiting"]
    record = capacity_page.ledger.record()
    of_list = Group.of(WAITING, list="operation", unit="bo-opc", time=NIGHT.isoformat())
    waits = {"ortopedi": 9, "kvinnosjukvard": 7, "ogon": 8, "onh": 6}
    lists = {of_list.but(vo=vo).key: number for vo, number in waits.items()}
    pages = {"capacity": record, "lists": {"cells": lists, "whole": [], "within": []}}

    found = decide_across(pages, nesting=Nesting(), threshold=K)

    assert hidden.sum() == 2
    assert [pages for pages in found.hide.values() if "lists" in pages]
    assert not found.helpless


def test_curves_tell_no_counts_by_exact_shares() -> None:
    """19 of 24 would be told by 0.7916…; 0.79 may be many quotients."""
    curve = pd.DataFrame(
        {
            "operating_unit": "bo-opc",
            "days": [0.0, 14.0],
            "share_waiting": [1.0, 19 / 24],
            "at_risk": [24, 19],
        }
    )

    assert _read_off(curve)["share_waiting"].tolist() == [1.0, 0.79]
