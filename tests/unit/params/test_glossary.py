"""Definitions carry their validity: one rule at a time, or the file is refused."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.glossary import Glossary, load_glossary

LIMITS = """\
limits:
  guarantee:
    - {list: operation, days: 90, valid_from: 2010-07-01, valid_to: 2026-12-31,
      source: HSL, says: Inom 90 dagar.}
    - {list: operation, days: 60, valid_from: 2027-01-01, source: Regionen, says: Inom 60 dagar.}
"""
ENTRY = """\
entries:
  - id: waiting
    name: Väntande
    english: Waiting
    definition: De som väntar.
    source: SKR
"""


def load(tmp_path: Path, text: str) -> Glossary:
    path = tmp_path / "glossary.yml"
    path.write_text(text, encoding="utf-8")
    return load_glossary(path, tmp_path)


def test_limit_in_force_is_that_of_the_day(tmp_path: Path) -> None:
    """The last day of a limit is its own; before the first, and for another list, there is none."""
    glossary = load(tmp_path, LIMITS + ENTRY)

    assert glossary.guarantee_on(date(2026, 12, 31), list="operation").days == 90
    assert glossary.guarantee_on(date(2027, 1, 1), list="operation").days == 60
    with pytest.raises(ParamsError, match="no guarantee limit"):
        glossary.guarantee_on(date(2010, 6, 30), list="operation")
    with pytest.raises(ParamsError, match="'first_contact' on 2026-12-31"):
        glossary.guarantee_on(date(2026, 12, 31), list="first_contact")


def test_entry_may_have_former_rules(tmp_path: Path) -> None:
    """The newest first, each over before the next begins."""
    text = ENTRY + (
        "    valid_from: 2020-01-01\n"
        "    former:\n"
        "      - {definition: Annorlunda., valid_from: 2015-01-01, valid_to: 2019-12-31}\n"
        "      - {definition: Först., valid_to: 2014-12-31, source: SKL}\n"
    )
    former = load(tmp_path, LIMITS + text).get("waiting").former

    assert [rule.definition for rule in former] == ["Annorlunda.", "Först."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LIMITS.replace("2026-12-31", "2027-01-01") + ENTRY, "two limits of 'operation'"),
        (LIMITS.replace("valid_to: 2026-12-31,", "") + ENTRY, "two limits of 'operation'"),
        (
            LIMITS + ENTRY + "    valid_from: 2020-01-01\n    valid_to: 2019-01-01\n",
            "ends before it begins",
        ),
        (
            LIMITS + ENTRY + "    former:\n      - {definition: Förr., valid_to: 2019-12-31}\n",
            "former rules end before",
        ),
        (
            LIMITS
            + ENTRY
            + "    valid_from: 2020-01-01\n"
            + "    former:\n      - {definition: Förr., valid_to: 2020-01-01}\n",
            "former rules end before",
        ),
        (LIMITS + ENTRY + "    limit: other\n", "limit"),
        (LIMITS + ENTRY + ENTRY.removeprefix("entries:\n"), "two entries"),
    ],
)
def test_rules_that_overlap_are_refused(tmp_path: Path, text: str, words: str) -> None:
    """The message names the file and the entry or the list."""
    with pytest.raises(ParamsError, match=words) as caught:
        load(tmp_path, text)

    assert str(caught.value).startswith("glossary.yml")
