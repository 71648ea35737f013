"""How many examples are drawn where any number would do."""

import os

from hypothesis import settings

LONG = os.environ.get("LPE_LONG") == "1"


def drawn(examples: int) -> settings:
    """Settings for so many examples, and with LPE_LONG=1 for twenty times as many."""
    return settings(max_examples=examples * (20 if LONG else 1), deadline=None)
