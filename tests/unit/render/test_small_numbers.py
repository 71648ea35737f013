"""What the page about the site says of small numbers: what, why, and what is not promised."""

import pytest

from lpe_reports.params.disclosure import DisclosurePolicy, load_disclosure
from lpe_reports.render.indexes.office import small_numbers
from small_warehouse import ROOT


@pytest.fixture
def policy() -> DisclosurePolicy:
    return load_disclosure(ROOT / "params" / "disclosure.yml", ROOT)


@pytest.mark.parametrize(
    ("threshold", "words"),
    [(5, "en till fyra patienter"), (10, "en till nio patienter"), (2, "en enda patient")],
)
def test_the_limit_is_the_regions(policy: DisclosurePolicy, threshold: int, words: str) -> None:
    """The page says the limit of params in words, and whose decision it is."""
    said = " ".join(small_numbers(policy.model_copy(update={"threshold": threshold})))

    assert f"Ett tal som gäller {words} visas inte" in said
    assert policy.decision in said


def test_what_is_shown_as_it_is_comes_from_params(policy: DisclosurePolicy) -> None:
    """The families that are not protected, each with its reason; none, and nothing."""
    open_ = [family for family in policy.families if not family.protected]
    protected = [family for family in policy.families if family.protected]
    said = " ".join(small_numbers(policy))

    assert all(family.reason in said for family in open_)
    assert not any(family.reason in said for family in protected)
    all_hidden = " ".join(small_numbers(policy.model_copy(update={"families": protected})))
    assert "visas som de är" not in all_hidden


def test_no_more_is_promised_than_is_kept(policy: DisclosurePolicy) -> None:
    """Over time only what a kept version hides; and nobody is guarded from what they know."""
    said = " ".join(small_numbers(policy))

    assert "Mer än så lovas inte över tid." in said
    assert "skyddar inte mot den som redan vet något" in said
