"""The recipe: what makes another kind of row is another recipe, and nothing else is."""

from pathlib import Path
from typing import Any

import pytest

from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import Units, load_units
from lpe_reports.warehouse.loading.recipe import cleaning_modules, recipe_of
from lpe_reports.warehouse.tables import TABLES


@pytest.fixture
def sources(root: Path) -> Sources:
    return load_sources(root / "params" / "sources.yml", root)


@pytest.fixture
def units(root: Path) -> Units:
    return load_units(root / "params" / "units.yml", root)


def changed(sources: Sources, **entry: Any) -> Sources:
    """The sources, with something else said of the demo."""
    demo = sources.sources["demo"].model_copy(update=entry)
    return sources.model_copy(update={"sources": sources.sources | {"demo": demo}})


def test_recipe_knows_every_module_that_cleans() -> None:
    """Each pattern finds its files; one that was moved would be forgotten without a word."""
    names = {file.name for file in cleaning_modules()}

    assert {"cleaning.py", "conversion.py", "keys.py", "theatre.py", "activity.py"} <= names


@pytest.mark.parametrize(
    "entry",
    [{"nulls": ["saknas"]}, {"aliases": {"hospital": {"Falun": "other"}}}, {"systems": ["spor"]}],
)
def test_another_spelling_is_another_recipe(
    sources: Sources, units: Units, entry: dict[str, Any]
) -> None:
    """Rows that were translated otherwise are not mixed with tonight's."""
    contract = TABLES["operations"]
    other = recipe_of("demo", changed(sources, **entry), units, contract)

    assert other != recipe_of("demo", sources, units, contract)


def test_manners_of_asking_are_no_part_of_the_recipe(sources: Sources, units: Units) -> None:
    """How long a lock is waited for changes no row, and so loads nothing anew."""
    contract = TABLES["operations"]
    other = recipe_of("demo", changed(sources, lock_seconds=5, attempts=1), units, contract)

    assert other == recipe_of("demo", sources, units, contract)
