"""Small frames of the way before and after an operation; only what a test names, typed as read."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from canonical_frames import _frame

TIMES = "datetime64[us, Europe/Stockholm]"
REFERRAL: dict[str, tuple[str, Any]] = {
    "referral_id": ("str", "re_1"),
    "vo": ("str", "ortopedi"),
    "clinic": ("str", "hu-ort"),
    "referred_at": (TIMES, None),
    "assessed_at": (TIMES, None),
    "closed_at": (TIMES, None),
}
CONTACT: dict[str, tuple[str, Any]] = {
    "contact_id": ("str", "co_1"),
    "referral_id": ("str", "re_1"),
    "vo": ("str", "ortopedi"),
    "clinic": ("str", "hu-ort"),
    "first": ("bool", True),
    "happened_at": (TIMES, None),
}
STAY: dict[str, tuple[str, Any]] = {
    "stay_id": ("str", "st_1"),
    "operation_id": ("str", "op_1"),
    "admitted_at": (TIMES, None),
    "discharged_at": (TIMES, None),
    "discharged_to": ("str", None),
}


def referrals(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Referrals that say what a test is about; times as local "2026-05-04 07:30"."""
    return _frame(REFERRAL, rows)


def contacts(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Contacts with a clinic, likewise."""
    return _frame(CONTACT, rows)


def stays(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Inpatient stays, likewise."""
    return _frame(STAY, rows)
