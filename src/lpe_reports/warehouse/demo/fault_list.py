"""Which faults are planted in the demo, and which check of a night finds each."""

from dataclasses import dataclass

# What exists twice, or not at all, in the tables; a few rows of each.
ASA_ROWS, UNIT_ROWS = 3, 4
POSTOP_ROWS, STAY_ROWS, REASON_ROWS, CLINIC_ROWS = 2, 2, 1, 6
OTHER_SPELLING = "Ort.mott. Gävle (gamla)"
WRONG_REASON = "14"


@dataclass(frozen=True)
class Fault:
    """One kind of planted fault, and the check of a night that finds it.

    Attributes:
        table: Where it is.
        kind: What it is.
        count: How many.
        of: What is counted: rows, pairs, or months.
        consequence: What the data contract does about it.
        says: What happened, as a data owner would tell it.
        in_swedish: The same for the data-quality page.
        rule: The rule of the contract that it breaks.
        columns: The columns of that rule, as the manifest names them.
        rows: How many rows break it; None where that depends on the demo's size.
    """

    table: str
    kind: str
    count: int
    of: str
    consequence: str
    says: str
    in_swedish: str
    rule: str
    columns: tuple[str, ...]
    rows: int | None


FAULTS = (
    Fault(
        "operations", "asa_7", ASA_ROWS, "rows", "repair",
        "ASA 7, which does not exist",
        "Tre operationer har ASA 7, som inte finns.",
        "out_of_range", ("asa",), ASA_ROWS,
    ),
    Fault(
        "operations", "repeated_hour", 1, "rows", "repair",
        "an operation in the hour that comes twice when summer time ends, without offset",
        "En operation ligger i timmen som kommer två gånger när sommartiden slutar, och tiderna "
        "säger inte vilken av dem.",
        "repeated_hour", ("surgery_start_at",), 1,
    ),
    Fault(
        "operations", "overlap", 1, "pairs", "flag",
        "a patient taken in before the one before was registered out of the same theatre",
        "En patient är inskriven på salen innan den förra är utskriven.",
        "overlap", ("theatre", "patient_in_at", "patient_out_at"), 1,
    ),
    Fault(
        "operations", "negative_wait", 1, "rows", "row",
        "a decision dated nine days after the operation",
        "Ett beslut är daterat nio dagar efter operationen.",
        "negative_wait", ("decided_at", "surgery_start_at"), 1,
    ),
    Fault(
        "operations", "duplicated_month", 1, "months", "repair",
        "one month of Dagkirurgi Gävle handed over twice: equal rows, all of November",
        "Alla operationer på Dagkirurgi Gävle i november 2025 är levererade två gånger.",
        "duplicate", ("operation_id",), None,
    ),
    Fault(
        "operations", "null_unit", UNIT_ROWS, "rows", "row",
        "no operating unit",
        "Fyra operationer saknar operationsenhet.",
        "null_unit", ("operating_unit",), UNIT_ROWS,
    ),
    Fault(
        "postop_stays", "left_before_arrival", POSTOP_ROWS, "rows", "row",
        "a stay in the postoperative unit that ends before it begins",
        "Två vårdtider på postop slutar innan de börjar.",
        "order_of_times", ("arrived_at", "ready_at", "left_at"), POSTOP_ROWS,
    ),
    Fault(
        "stays", "discharged_before_admission", STAY_ROWS, "rows", "row",
        "a patient discharged the day before the admission",
        "Två patienter är utskrivna från avdelningen dagen före inskrivningen.",
        "order_of_times", ("admitted_at", "discharged_at"), STAY_ROWS,
    ),
    Fault(
        "cancellations", "reason_14", REASON_ROWS, "rows", "row",
        "reason 14, which the list of reasons does not have",
        "En struken operation har orsak 14, som inte finns i listan.",
        "unknown_code", ("reason_1",), REASON_ROWS,
    ),
    Fault(
        "referrals", "other_spelling", CLINIC_ROWS, "rows", "row",
        "a clinic spelt as in a system that was left long ago",
        "Sex remisser har ett namn på mottagningen som inget alias förklarar.",
        "unknown_unit", ("clinic",), CLINIC_ROWS,
    ),
)  # fmt: skip
