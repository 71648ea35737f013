"""Every public measure: which columns it reads, how it is called, and what holds of its answer.

The tests of properties and the measurements of speed run down this table, and a test fails for
a public function of the measures that is neither here nor in a list of what else there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from lpe_reports.measures import (
    cancellations,
    capacity,
    end_times,
    equity,
    flow,
    flow_steps,
    forecast,
    lead_times,
    need,
    plan,
    postop,
    production,
    utilisation,
    waiting,
    waiting_time,
)
from lpe_reports.params.glossary import GuaranteeLimit
from lpe_reports.params.on_call import OnCallCategory, OnCallHours
from lpe_reports.periods import PeriodKind, period_at

Frames = Mapping[str, pd.DataFrame]
Call = Callable[[Frames, Sequence[str], date], pd.DataFrame]
# How many days a call looks at, from its first on.
DAYS = 14
LIMIT = GuaranteeLimit(
    list="operation", days=90, valid_from=date(2000, 1, 1), source="Lag", says="Inom 90 dagar."
)
ON_CALL = [
    OnCallCategory(
        id="day",
        name="Dag",
        hours=[OnCallHours(days=[1, 2, 3, 4, 5, 6, 7, "holiday"], start="07:00", end="24:00")],
    ),
    OnCallCategory(
        id="night",
        name="Natt",
        hours=[OnCallHours(days=[1, 2, 3, 4, 5, 6, 7, "holiday"], start="00:00", end="07:00")],
    ),
]


@dataclass(frozen=True)
class Measure:
    """One public measure.

    Args:
        call: What is called: with frames, the columns to group by, and the first of the days.
        reads: The columns it needs of each table, beside those it is grouped by.
        by: What it is grouped by here; the first is the column that the whole is split by.
        adds: Columns of the answer that add up over groups.
        shares: Columns that are shares of something.
        no_shares: The values of `definition` whose rows are no shares, since they may pass 1.
        any_by: Whether it can be grouped by anything, and by nothing; else it makes its own
            groups.
        separate: Whether a group's answer depends on its own rows alone.
        monthly: Whether months decide, so that moving everything by weeks is another question.
    """

    call: Call
    reads: Mapping[str, Sequence[str]]
    by: Sequence[str]
    adds: Sequence[str] = ()
    shares: Sequence[str] = ()
    no_shares: Sequence[str] = ()
    any_by: bool = True
    separate: bool = True
    monthly: bool = False


def until(first: date) -> date:
    """The day after the last that a call looks at."""
    return first + timedelta(days=DAYS)


def months_of(first: date) -> list[str]:
    """Two years of months, up to and with the one of `first`."""
    return plan.month_ids(date(first.year - 1, 1, 1), first + timedelta(days=1))


def _elective(first: date) -> pd.DataFrame:
    return utilisation.elective_days(first, until(first), ())


STAY = ("operating_unit", "theatre", "patient_in_at", "surgery_start_at", "surgery_end_at",
        "patient_out_at")  # fmt: skip
SESSION = ("operating_unit", "theatre", "date", "start_at", "end_at", "status")
STAFFED = (*SESSION, "staffed_from_at", "staffed_to_at")
SURGERY = ("surgery_start_at", "surgery_end_at")
WAITED = ("decided_at", "surgery_start_at")
ENTRY = ("snapshot_date", "since_date", "guarantee", "deviation")
DURATION = ("procedure_code", "procedure_group", "operating_unit", "patient_in_at",
            "patient_out_at")  # fmt: skip
OPEN_NEED = ("decided_at", "removed_at", "latest_on", "procedure_code", "procedure_group",
             "operating_unit")  # fmt: skip
SPELL = ("need_id", "decided_at", "removed_at", "removed_reason")
PLAN = ("vo", "section", "month", "version", "operations", "hours")
PLAN_NUMBERS = ("operations", "operation_hours", "planned_operations", "planned_hours")
PATHWAY = {
    "referrals": ("referral_id", "referred_at", "assessed_at", "closed_at"),
    "contacts": ("referral_id", "first", "happened_at"),
    "needs": (*SPELL, "referral_id", "requested_at"),
    "operations": ("operation_id", "need_id", "surgery_start_at", "patient_out_at"),
    "postop_stays": ("operation_id", "arrived_at", "left_at"),
    "stays": ("operation_id", "discharged_at", "discharged_to"),
}

MEASURES: dict[str, Measure] = {
    # Production
    "production.operations_by": Measure(
        lambda f, by, _: production.operations_by(f["operations"], by=by),
        {"operations": SURGERY},
        ("operating_unit", "section"),
        adds=("operations", "operation_hours"),
    ),
    "production.operations_and_before": Measure(
        lambda f, by, first: production.operations_and_before(
            f["operations"], by=by, as_of=until(first),
            period=period_at(PeriodKind.WEEK, first + timedelta(days=7)),
        ),
        {"operations": SURGERY},
        ("operating_unit", "section"),
        adds=("operations", "operation_hours", "operations_before", "operation_hours_before"),
    ),
    "production.open_theatres_by": Measure(
        lambda f, by, _: production.open_theatres_by(f["sessions"], by=by),
        {"sessions": SESSION},
        ("operating_unit",),
        adds=("open_theatres",),
    ),
    "production.flows": Measure(
        lambda f, by, _: production.flows(f["operations"], by=by),
        {"operations": ("patient_home",)},
        ("operating_unit", "section"),
        adds=("from_ga", "from_hu", "from_bo", "from_other", "total"),
    ),
    "production.visiting_surgeons": Measure(
        lambda f, by, _: production.visiting_surgeons(f["operations"], by=by),
        {"operations": ("operating_unit", "section", "surgeon_home")},
        ("operating_unit",),
        adds=("operations",),
    ),
    # Plan
    "plan.plans_in_force": Measure(
        lambda f, _, first: plan.plans_in_force(f["production_plan"], months=months_of(first)),
        {"production_plan": PLAN},
        ("vo",),
        adds=("operations", "hours"),
        any_by=False,
        monthly=True,
    ),
    "plan.first_plans": Measure(
        lambda f, _, first: plan.first_plans(f["production_plan"], months=months_of(first)),
        {"production_plan": PLAN},
        ("vo",),
        any_by=False,
        monthly=True,
    ),
    "plan.plan_and_outcome": Measure(
        lambda f, _, first: plan.plan_and_outcome(
            f["operations"], f["production_plan"], months=months_of(first), as_of=until(first)
        ),
        {"operations": ("vo", "section", *SURGERY), "production_plan": PLAN},
        ("vo",),
        adds=PLAN_NUMBERS,
        any_by=False,
        monthly=True,
    ),
    "plan.rolling_year_by": Measure(
        lambda f, by, first: plan.rolling_year_by(
            f["operations"], by=by, months=months_of(first),
            first_day=first - timedelta(days=1000),
        ),
        {"operations": SURGERY},
        ("operating_unit", "section"),
        adds=("operations", "operation_hours"),
        monthly=True,
    ),
    "forecast.forecast": Measure(
        lambda f, _, first: forecast.forecast(
            f["operations"], f["production_plan"], months=months_of(first)[-1:],
            as_of=until(first), first_day=first - timedelta(days=1000),
        ),
        {"operations": ("vo", "section", *SURGERY), "production_plan": PLAN},
        ("vo",),
        any_by=False,
        monthly=True,
    ),
    # Utilisation
    "utilisation.utilisation_by": Measure(
        lambda f, by, first: utilisation.utilisation_by(
            f["operations"], f["sessions"], by=by, calendar_days=_elective(first)
        ),
        {"operations": STAY, "sessions": STAFFED},
        ("operating_unit", "weekday"),
        adds=("numerator_minutes", "denominator_minutes", "sessions"),
        shares=("share",),
        no_shares=(utilisation.AACD_ADJUSTED, utilisation.NHS_UNCAPPED),
    ),
    "utilisation.under_over_use_by": Measure(
        lambda f, by, _: utilisation.under_over_use_by(f["operations"], f["sessions"], by=by),
        {"operations": STAY, "sessions": SESSION},
        ("operating_unit", "weekday"),
        adds=("session_minutes", "unused_minutes", "over_minutes", "sessions"),
    ),
    "capacity.capacity_by": Measure(
        lambda f, by, _: capacity.capacity_by(f["operations"], f["sessions"], by=by),
        {"operations": STAY, "sessions": STAFFED},
        ("operating_unit", "vo"),
        adds=tuple(name for name in capacity.CAPACITY_COLUMNS if name != "share_used"),
        shares=("share_used",),
        # Sessions that overlap in a theatre share its patients.
    ),
    "lead_times.first_cases_by": Measure(
        lambda f, by, _: lead_times.first_cases_by(f["operations"], f["sessions"], by=by),
        {"operations": STAY, "sessions": SESSION},
        ("operating_unit", "weekday"),
        adds=("theatre_days", "first_cases", "on_time", "late_minutes"),
        shares=("share_on_time",),
    ),
    "lead_times.turnovers_by": Measure(
        lambda f, by, _: lead_times.turnovers_by(f["operations"], by=by),
        {"operations": ("operating_unit", "theatre", "patient_in_at", "patient_out_at")},
        ("operating_unit", "weekday"),
        adds=("turnovers", "turnover_minutes", "over_cap", "overlapping"),
    ),
    "end_times.last_out": Measure(
        lambda f, _, __: end_times.last_out(f["operations"]).drop(columns="date"),
        {"operations": ("operating_unit", "theatre", "patient_in_at", "patient_out_at")},
        ("operating_unit",),
        adds=("end_minute",),
        any_by=False,
    ),
    "end_times.end_times_by": Measure(
        lambda f, by, _: end_times.end_times_by(f["operations"], by=by),
        {"operations": ("operating_unit", "theatre", "patient_in_at", "patient_out_at")},
        ("operating_unit", "weekday"),
        adds=("theatre_days", "total"),
    ),
    # Postoperative care and cancellations
    "postop.with_on_call": Measure(
        lambda f, _, __: postop.with_on_call(f["postop_stays"], ON_CALL, holidays=())[
            ["postop_unit", "operation_id", "on_call"]
        ].sort_values("operation_id", ignore_index=True),
        {"postop_stays": ("operation_id", "arrived_at")},
        ("postop_unit",),
        any_by=False,
    ),
    "postop.postop_stays_by": Measure(
        lambda f, by, _: postop.postop_stays_by(f["postop_stays"], by=by),
        {"postop_stays": ("arrived_at", "left_at")},
        ("postop_unit", "weekday"),
        adds=("stays", "timed", "stay_minutes"),
    ),
    "postop.ward_waits_by": Measure(
        lambda f, by, _: postop.ward_waits_by(f["postop_stays"], by=by),
        {"postop_stays": ("arrived_at", "ready_at", "left_at")},
        ("postop_unit", "weekday"),
        adds=("stays", "timed", "waited", "wait_minutes"),
        shares=("share_waited",),
    ),
    "cancellations.cancellations_by": Measure(
        lambda f, by, _: cancellations.cancellations_by(
            f["cancellations"], f["operations"], by=by
        ),
        {
            "cancellations": ("scheduled_start_at", "cancelled_at"),
            "operations": ("scheduled_start_at",),
        },
        ("operating_unit", "weekday"),
        adds=("scheduled", "struck", "late"),
        shares=("share_struck", "share_late"),
    ),
    "cancellations.cancellation_reasons_by": Measure(
        lambda f, by, _: cancellations.cancellation_reasons_by(f["cancellations"], by=by, level=2),
        {"cancellations": ("scheduled_start_at", "cancelled_at", "reason_1", "reason_2")},
        ("operating_unit",),
        adds=("struck", "late"),
        shares=("share",),
    ),
    # Need
    "need.open_needs": Measure(
        lambda f, _, first: need.open_needs(f["needs"], on=until(first))[
            ["operating_unit", "need_id"]
        ].sort_values("need_id", ignore_index=True),
        {"needs": ("need_id", "decided_at", "removed_at")},
        ("operating_unit",),
        any_by=False,
    ),
    "need.theatre_minutes": Measure(
        lambda f, _, __: need.theatre_minutes(f["needs"], f["operations"], minimum=2).assign(
            need_id=f["needs"]["need_id"]
        ).sort_values("need_id", ignore_index=True),
        {"needs": ("need_id", *DURATION[:3]), "operations": DURATION},
        ("operating_unit",),
        any_by=False,
        separate=False,
    ),
    "need.need_by": Measure(
        lambda f, by, first: need.need_by(f["needs"], f["operations"], by=by, on=until(first)),
        {"needs": OPEN_NEED, "operations": DURATION},
        ("operating_unit", "medical_priority"),
        adds=need.NEED_COLUMNS,
        separate=False,
    ),
    "need.need_against_sessions": Measure(
        lambda f, _, first: need.need_against_sessions(
            f["needs"], f["operations"], f["sessions"], by=["vo"], on=until(first)
        ),
        {
            "needs": ("vo", *OPEN_NEED),
            "operations": DURATION,
            "sessions": ("vo", "start_at", "end_at", "status"),
        },
        ("vo",),
        any_by=False,
        separate=False,
    ),
    # Waiting
    "waiting.waiting_days": Measure(
        lambda f, _, __: _by_key(f["waiting_list"], waiting.waiting_days, "entry_id"),
        {"waiting_list": ("entry_id", "snapshot_date", "since_date")},
        ("unit",),
        any_by=False,
    ),
    "waiting.operation_wait_days": Measure(
        lambda f, _, __: _by_key(f["operations"], waiting.operation_wait_days, "operation_id"),
        {"operations": ("operation_id", *WAITED)},
        ("operating_unit",),
        any_by=False,
    ),
    "waiting.spor_wait_days": Measure(
        lambda f, _, __: _by_key(f["operations"], waiting.spor_wait_days, "operation_id"),
        {"operations": ("operation_id", "requested_at", "surgery_start_at", "planned")},
        ("operating_unit",),
        any_by=False,
    ),
    "waiting.waiting_by": Measure(
        lambda f, by, _: waiting.waiting_by(f["waiting_list"], by=by, limit=LIMIT),
        {"waiting_list": ENTRY},
        ("unit", "vo"),
        adds=("waiting", "covered", "within", "over_limit", "negative_dropped"),
        shares=("share_within",),
    ),
    "waiting.bands_by": Measure(
        lambda f, by, _: waiting.bands_by(f["waiting_list"], by=by),
        {"waiting_list": ("snapshot_date", "since_date")},
        ("unit", "vo"),
        adds=("waiting",),
    ),
    "waiting.performed_by": Measure(
        lambda f, by, _: waiting.performed_by(f["operations"], by=by, limit=LIMIT),
        {"operations": (*WAITED, "guarantee", "deviation")},
        ("operating_unit", "vo"),
        adds=("performed", "covered", "within", "negative_dropped"),
        shares=("share_within",),
    ),
    "waiting.performed_contacts_by": Measure(
        lambda f, by, _: waiting.performed_contacts_by(
            f["contacts"], f["referrals"], by=by, limit=LIMIT
        ),
        {
            "contacts": ("referral_id", "first", "happened_at", "guarantee", "deviation"),
            "referrals": ("referral_id", "referred_at"),
        },
        ("vo",),
        adds=("performed", "covered", "within", "negative_dropped"),
        shares=("share_within",),
        separate=False,  # a referral's own VO may be another than its contact's
    ),
    "waiting.queues_over_limit": Measure(
        lambda f, _, __: waiting.queues_over_limit(f["waiting_list"], limit=LIMIT, minimum=1),
        {"waiting_list": (*ENTRY, "unit", "procedure_group")},
        ("unit",),
        adds=("waiting",),
        any_by=False,
    ),
    "waiting.unbooked_by_asa": Measure(
        lambda f, by, _: waiting.unbooked_by_asa(f["waiting_list"], by=by),
        {"waiting_list": ("booked_for", "asa")},
        ("unit", "vo"),
        adds=("asa_1_2", "asa_3", "asa_4_6", "asa_unknown", "unbooked"),
    ),
    "waiting_time.wait_by": Measure(
        lambda f, by, first: waiting_time.wait_by(
            f["needs"], f["operations"], by=by, start=first, end=until(first)
        ),
        {"needs": SPELL, "operations": ("need_id", "surgery_start_at")},
        ("operating_unit",),
        adds=("open", "operated", "removed", "censored"),
        shares=("share_operated", "share_removed"),
        separate=False,  # an operation elsewhere ends the wait too
    ),
    "waiting_time.wait_curves": Measure(
        lambda f, by, first: waiting_time.wait_curves(
            f["needs"], f["operations"], by=by, start=first, end=until(first)
        ),
        {"needs": SPELL, "operations": ("need_id", "surgery_start_at")},
        ("operating_unit",),
        shares=("share_waiting", "share_operated", "share_removed"),
        separate=False,
    ),
    "flow.flow": Measure(
        lambda f, by, first: flow.flow(
            flow_steps.Pathway(**{name: f[name] for name in PATHWAY}),
            by=by, start=first, end=until(first),
        ),
        PATHWAY,
        ("vo",),
        shares=("linked_share",),
        separate=False,
    ),
    # Equity
    "equity.days_by_unit": Measure(
        lambda f, by, _: equity.days_by_unit(f["operations"], by=by),
        {"operations": WAITED},
        ("operating_unit", "sex"),
        adds=("operations", "within_90"),
        shares=("share_within_90",),
    ),
    "equity.standardised": Measure(
        lambda f, _, __: equity.standardised(f["operations"], on=["sex", "urgency"]),
        {"operations": ("operating_unit", *WAITED, "sex", "urgency")},
        ("operating_unit",),
        any_by=False,
        separate=False,
    ),
}  # fmt: skip

# Answers to other questions than "what do these rows say": of a chart's values or of answers.
OF_ANSWERS = {
    "assurance.assess", "equity.gap", "equity.patients_to_move", "funnel.funnel_of_ratios",
    "funnel.funnel_of_shares", "incidence.cumulative_incidence", "intervals.difference_interval",
    "intervals.mean_interval", "intervals.quantile_interval", "intervals.ratio_interval",
    "intervals.wilson", "log_rank.log_rank", "production.compared_days",
    "production.target_in_force", "rebasing.rebase_positions", "runs.runs", "spc.laney",
    "spc.p_chart", "spc.share_chart", "spc.u_chart", "spc.xmr", "survival.kaplan_meier",
    "survival.restricted_mean", "utilisation.definition_effect",
    "grouping.with_asa_group", "grouping.with_procedure_group",
}  # fmt: skip
# What measures are made of; no page shows it by itself.
PARTS = {
    "capacity.session_hours", "end_times.end_bands", "flow_steps.*", "funnel.dispersion_ratio",
    "grouping.add_up", "grouping.group", "grouping.share", "grouping.whole_per_cent",
    "grouping.with_age_band", "grouping.with_period", "grouping.with_periods",
    "grouping.with_weekday", "intervals.*", "late_entry.*", "linking.*", "list_flow.*",
    "plan.month_ids",
    "session_time.*", "special_causes.*", "spells.*", "survival.*", "theatres.*", "times.*",
    "utilisation.elective_days", "waiting.with_needs", "waiting_time.numbered_groups", "windows.*",
}  # fmt: skip


def columns_of(name: str) -> dict[str, list[str]]:
    """The columns of each table that a measure is given: what it reads and is grouped by."""
    measure = MEASURES[name]
    made = {"weekday"}
    return {
        table: list(dict.fromkeys([*columns, *(key for key in measure.by if key not in made)]))
        for table, columns in measure.reads.items()
    }


def _by_key(
    frame: pd.DataFrame, measure: Callable[[pd.DataFrame], "pd.Series[float]"], key: str
) -> pd.DataFrame:
    """A value per row, with the row's key and unit."""
    unit = "unit" if "unit" in frame else "operating_unit"
    answer = frame[[unit, key]].assign(days=measure(frame))
    return answer.sort_values(key, ignore_index=True)
