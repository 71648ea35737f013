"""The waiting lists as they were photographed, night by night.

Nobody rebuilds a photograph: each holds those whose decision is older than the night and who
had not left the list when it began. Weekly demos have every Monday and the last fourteen
nights; nightly ones have every night, monthly ones the first Monday of each month and the last
fourteen nights.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from lpe_reports.warehouse.demo.columns import CLINIC_NAMES, dates, words
from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER, date_of, weekday_of
from lpe_reports.warehouse.demo.draws import Ints
from lpe_reports.warehouse.demo.first_contact import Referred
from lpe_reports.warehouse.demo.keys import keys
from lpe_reports.warehouse.demo.office import CLINICS
from lpe_reports.warehouse.demo.people import ALL_CODES, SECTION_NAMES, People
from lpe_reports.warehouse.demo.pool import DEVIATIONS
from lpe_reports.warehouse.demo.referrals import Referrals
from lpe_reports.warehouse.demo.tables import UNIT_NAMES, VO_NAMES

LAST_NIGHTS = 14
# How many rows are put together at a time.
PART_ROWS = 1_500_000
LISTS = ("operation", "first_contact")


def snapshot_days(first: int, until: int, snapshots: str) -> Ints:
    """The nights that are photographed, from the first Monday to the last night."""
    days = np.arange(first, until + 1)
    if snapshots == "nightly":
        return days
    chosen = np.array([weekday_of(int(day)) == 0 for day in days])
    if snapshots == "monthly":
        chosen &= np.array([date_of(int(day)).day <= 7 for day in days])
    return days[chosen | (days > until - LAST_NIGHTS)]


class WaitingTable:
    """Writes the waiting_list table in parts, in order of night and list."""

    def __init__(self, people: People, referred: Referred, referrals: Referrals) -> None:
        planned = np.flatnonzero(~people.emergency)
        decided = people.decided_at[planned] // DAY_MINUTES
        since: Ints = np.r_[decided, referred.since]
        count, others = len(planned), len(referred.since)
        clinic_section = np.array([SECTION_NAMES.index(c.section) for c in CLINICS])
        self._since = since
        self._gone: Ints = np.r_[people.removed_at[planned] // DAY_MINUTES, referred.seen]
        self._list = np.r_[np.zeros(count, np.int32), np.ones(others, np.int32)]
        self._unit = np.r_[people.unit[planned], len(UNIT_NAMES) + referred.clinic]
        self._section = np.r_[people.section[planned], clinic_section[referred.clinic]]
        self._guarantee = np.r_[people.guarantee[planned], referred.guarantee]
        self._deviation = np.r_[people.deviation[planned], referred.deviation]
        self._booked_on = np.r_[people.booked_on[planned], referred.booked_on]
        self._booked_for = np.r_[people.booked_for[planned], referred.seen]
        never = np.full(others, NEVER)
        self._struck_booked_on = np.r_[people.struck_booked_on[planned], never]
        self._struck_for = np.r_[people.struck_for[planned], never]
        self._struck_on = np.r_[people.struck_on[planned], never]
        self._asa = np.r_[people.asa[planned], np.zeros(others, np.int64)]
        self._code = np.r_[people.code[planned], np.full(others, -1)]
        listed = referrals.listed >= 0
        number = np.zeros(others, np.int64)
        number[referrals.listed[listed]] = referrals.number[listed]
        # Who waits for a first contact is entered by the referral's key, for an operation by
        # the need's.
        self._entries = pa.concat_arrays([keys("N", people.number[planned]), keys("R", number)])

    def parts(self, days: Ints) -> Iterator[pa.Table]:
        """The table's rows, some nights at a time."""
        last = int(days[-1])
        usual = max(1, int(np.count_nonzero((self._gone >= last) & (self._since < last))))
        nights = max(1, PART_ROWS // usual)
        for at in range(0, len(days), nights):
            yield self._part(days[at : at + nights])

    def _part(self, days: Ints) -> pa.Table:
        begin = np.searchsorted(days, self._since, side="right")
        end = np.searchsorted(days, self._gone, side="right")
        lengths = np.maximum(end - begin, 0)
        person = np.repeat(np.arange(len(lengths)), lengths)
        within = np.arange(len(person)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        night = begin[person] + within
        order = np.lexsort((person, self._unit[person], night))
        person, night = person[order], night[order]
        section = self._section[person]
        return pa.table(
            {
                "snapshot_date": dates(days[night]),
                "list": words(LISTS, self._list[person]),
                "entry_id": self._entries.take(pa.array(person)),
                "unit": words((*UNIT_NAMES, *CLINIC_NAMES), self._unit[person]),
                "vo": words(VO_NAMES, section),
                "section": words(SECTION_NAMES, section),
                "since_date": dates(self._since[person]),
                "guarantee": pa.array(self._guarantee[person]),
                "deviation": words(DEVIATIONS, self._deviation[person]),
                "booked_for": dates(self._booked(person, days[night])),
                "asa": pa.array(self._asa[person], mask=self._asa[person] == 0, type=pa.int32()),
                "procedure_code": words(ALL_CODES, self._code[person]),
            }
        )

    def _booked(self, person: Ints, night: Ints) -> Ints:
        """What each was booked for as it stood that night; struck bookings while they stood."""
        standing = self._booked_on[person] < night
        struck = (self._struck_booked_on[person] < night) & (night <= self._struck_on[person])
        booked = np.where(standing, self._booked_for[person], NEVER)
        return np.where(struck & ~standing, self._struck_for[person], booked)
