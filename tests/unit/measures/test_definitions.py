"""Every measure that the reports show has its entry among the definitions."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.measures.utilisation import ALL
from lpe_reports.params.glossary import Glossary, load_glossary

SHOWN = {
    "open_theatres", "operations", "operation_hours", "arthroplasties", "flows",
    "visiting_surgeons", "production_plan", "target", "activity_list", "procedure_group",
    "asa_group", "waiting", "waiting_first_contact", "waiting_operation", "waiting_bands",
    "wait_days_waiting", "guarantee_share_waiting", "guarantee_share_performed",
    "wait_days_performed", "wait_days_spor", "queues_over_limit", "unbooked", "under_use",
    "over_use", "definition_effect", "equity_operations", "share_within_90", "equity_gap",
    "equity_ratio", "equity_between_sd", "equity_cv", "equity_theil", "equity_gini",
    "standardised_ratio", "patients_to_move", "spc_limits", "special_cause",
    "confidence_interval", "hidden_value", "ongoing",
}  # fmt: skip
SHARES = {*ALL, "guarantee_share_waiting", "guarantee_share_performed", "share_within_90"}


@pytest.fixture(scope="module")
def glossary(root: Path) -> Glossary:
    return load_glossary(root / "params" / "glossary.yml", root)


@pytest.mark.parametrize("measure", sorted(SHOWN | set(ALL)))
def test_measure_has_a_definition(glossary: Glossary, measure: str) -> None:
    """What is shown is defined, in a whole sentence."""
    assert glossary.get(measure).definition.endswith(".")


@pytest.mark.parametrize("measure", sorted(SHARES))
def test_share_says_what_is_divided_by_what(glossary: Glossary, measure: str) -> None:
    """A share without its numerator and denominator cannot be checked by its reader."""
    entry = glossary.get(measure)

    assert entry.numerator
    assert entry.denominator


@pytest.mark.parametrize("waiting_list", ["first_contact", "operation"])
def test_guarantee_is_ninety_days_since_2010(glossary: Glossary, waiting_list: str) -> None:
    """For both lists, in every year the office has data for."""
    assert glossary.guarantee_days(waiting_list, date(2010, 7, 1)) == 90
    assert glossary.guarantee_days(waiting_list, date(2026, 5, 11)) == 90


def test_definitions_are_all_known_here(glossary: Glossary) -> None:
    """An entry that nothing shows is not kept; new measures are added to this test."""
    assert {entry.id for entry in glossary.entries} == SHOWN | set(ALL)
