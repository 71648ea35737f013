"""Where other people's results lie: beside the project, not in it."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def oracle(name: str) -> Any:
    """A file of ../shared/oracles; the test is skipped, saying so, where it is not there."""
    return json.loads(_found("oracles", name).read_text(encoding="utf-8"))


def oracle_table(name: str) -> pd.DataFrame:
    """A data set of ../shared/oracles, likewise; what looks like a number but is a code is text."""
    return pd.read_csv(_found("oracles", name), dtype={"provnum": "str"})


def figure(name: str) -> pd.DataFrame:
    """A table of ../shared/figures, likewise."""
    return pd.read_csv(_found("figures", name))


def _found(folder: str, name: str) -> Path:
    path = SHARED / folder / name
    if not path.is_file():
        pytest.skip(f"../shared/{folder}/{name} is not beside the project")
    return path
