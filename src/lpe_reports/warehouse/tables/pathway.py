"""The way before and after an operation: referrals, contacts with clinics, inpatient stays."""

from lpe_reports.warehouse.columns import TableContract, code, flag, key, text, time, unit
from lpe_reports.warehouse.tables.shared import DEVIATION, GUARANTEE, PATIENT

CLINIC = unit("clinic", "The outpatient clinic.", "clinic")

REFERRALS = TableContract(
    "referrals",
    "One referral to a clinic.",
    (
        key("referral_id", "re_", "The referral."),
        PATIENT,
        time("referred_at", "When it was decided to refer; the wait is counted from it."),
        time("received_at", "When the clinic had it.", nullable=True),
        text(
            "from_unit",
            "Who referred, as the source spells it (Hälsocentralen Norr).",
            nullable=True,
        ),
        CLINIC,
        time("assessed_at", "When somebody at the clinic had judged it.", nullable=True),
        time("closed_at", "When it was closed; null: it is open.", nullable=True),
        text("close_reason", "Why it was closed.", nullable=True),
    ),
    key=("referral_id",),
    unit="clinic",
    time="referred_at",
    parts="month",
    happened=True,
)

CONTACTS = TableContract(
    "contacts",
    "One contact of a patient with a clinic.",
    (
        key("contact_id", "co_", "The contact."),
        key("referral_id", "re_", "The referral that led to it.", nullable=True),
        CLINIC,
        flag("first", "Whether it is the first one after the referral."),
        time("happened_at", "When it took place."),
        GUARANTEE,
        DEVIATION,
    ),
    key=("contact_id",),
    unit="clinic",
    time="happened_at",
    parts="month",
    happened=True,
)

STAYS = TableContract(
    "stays",
    "One inpatient stay.",
    (
        key("stay_id", "st_", "The stay."),
        PATIENT,
        key("operation_id", "op_", "The operation that it is for.", nullable=True),
        time("admitted_at", "The patient is admitted."),
        time("discharged_at", "The patient is discharged; null: still in.", nullable=True),
        code(
            "discharged_to",
            "Where the patient went.",
            "home",
            "care_home",
            "hospital",
            "deceased",
            "other",
            nullable=True,
        ),
    ),
    key=("stay_id",),
    unit=None,
    time="admitted_at",
    parts="month",
    happened=True,
)
