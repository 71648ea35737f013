"""The demo's office: its departments, queues and clinics, spelled as their own systems do.

Operating departments are known by their short names, verksamhetsområden and sections by the
names people use, clinics by their full names. Waiting levels are the office's own where it
showed them, and plausible elsewhere; about 4,500 people wait for an operation.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lpe_reports.warehouse.demo.days import number_of

HOSPITALS = ("Gävle", "Hudiksvall", "Bollnäs", "Annan")
# Each section's verksamhetsområde.
SECTIONS = {
    "Ort": "Ortopedi",
    "Kir": "Kirurgi",
    "Uro": "Kirurgi",
    "Gyn": "Kvinnosjukvård",
    "Obst": "Kvinnosjukvård",
    "ÖNH": "ÖNH",
    "Ögon": "Ögon",
    "Ane": "Anestesi",
}


@dataclass(frozen=True)
class OperatingUnit:
    """One operating department."""

    id: str
    name: str
    hospital: int
    theatre_name: str
    elective_theatres: int
    emergency_theatres: int
    open_share: float
    """Share of its elective theatre-days that are staffed in an ordinary week."""
    split_share: float
    """Share of its elective theatre-days that two sections divide between them."""
    turnover_minutes: int
    """From one patient out to the next in, for an operation of ordinary length."""
    pace: float
    """How long operations take here, of what the catalogue says; centres for all take longer."""
    emergencies_a_day: float
    postop: str
    """The postoperative unit that its patients come to."""


UNITS = (
    OperatingUnit("ga-cop", "Gä - C-op", 0, "Gä C-op", 7, 2, 0.80, 0.16, 23, 1.32, 7.9,
                  "Gä Postop"),
    OperatingUnit("ga-dagkir", "Gä Dagkir", 0, "Gä Dagkir", 4, 0, 0.80, 0.26, 20, 1.30, 0.0,
                  "Gä Dagpostop"),
    OperatingUnit("hu-cop", "Hu - C-op", 1, "Hu C-op", 5, 1, 0.81, 0.18, 22, 1.30, 4.5,
                  "Hu Postop"),
    OperatingUnit("bo-opc", "Bo - Op-c", 2, "Bo Op-c", 4, 0, 0.95, 0.12, 20, 1.12, 0.0,
                  "Bo Postop"),
)  # fmt: skip


@dataclass(frozen=True)
class Queue:
    """The list to operation of one section at one operating department.

    Attributes:
        days_a_week: Theatre-days that it is given in an ordinary week.
        levels: How many wait, by date; straight lines between.
        homes: Relative weights of the patients' hospitals, as in HOSPITALS.
        disorder: Spread of the order in which people of the same priority are called,
            as a share of the usual wait.
    """

    unit: str
    section: str
    days_a_week: float
    levels: tuple[tuple[date, float], ...]
    homes: tuple[float, float, float, float]
    disorder: float = 0.22

    @property
    def name(self) -> str:
        """What its random numbers and the progress call it."""
        return f"{self.unit}/{self.section}"

    @property
    def operating_unit(self) -> OperatingUnit:
        """Where it waits to be operated on."""
        return next(unit for unit in UNITS if unit.id == self.unit)

    def level_on(self, day: int) -> float:
        """How many should wait on a day, when all goes as it usually does."""
        days = [number_of(at) for at, _ in self.levels]
        return float(np.interp(day, days, [level for _, level in self.levels]))


def _steady(unit: str, section: str, days_a_week: float, waiting: float) -> Queue:
    homes = {
        "ga-cop": (0.80, 0.11, 0.07, 0.02),
        "ga-dagkir": (0.86, 0.05, 0.07, 0.02),
        "hu-cop": (0.05, 0.85, 0.08, 0.02),
        "bo-opc": (0.22, 0.16, 0.61, 0.01),
    }[unit]
    return Queue(unit, section, days_a_week, ((date(2020, 1, 1), waiting),), homes)


# The orthopaedic queue grew until the winter of 2025 and shrinks since then.
_ORTHOPAEDIC_LEVELS = {
    "ga-cop": ((2022, 7, 250), (2024, 1, 290), (2025, 2, 345), (2025, 10, 325), (2026, 5, 305)),
    "hu-cop": ((2022, 7, 190), (2024, 1, 210), (2025, 3, 230), (2025, 11, 238), (2026, 3, 237),
               (2026, 4, 240), (2026, 5, 252), (2026, 12, 262)),
    "bo-opc": ((2022, 7, 290), (2024, 1, 350), (2025, 1, 430), (2025, 7, 385), (2026, 1, 330),
               (2026, 3, 305), (2026, 4, 306), (2026, 5, 266), (2026, 6, 248), (2026, 12, 300)),
    "ga-dagkir": ((2022, 7, 280), (2025, 2, 370), (2026, 5, 330)),
}  # fmt: skip


def _orthopaedic(
    unit: str,
    days_a_week: float,
    homes: tuple[float, float, float, float],
    disorder: float = 0.22,
) -> Queue:
    levels = tuple((date(y, m, 1), float(n)) for y, m, n in _ORTHOPAEDIC_LEVELS[unit])
    return Queue(unit, "Ort", days_a_week, levels, homes, disorder)


QUEUES = (
    _orthopaedic("ga-cop", 7, (0.88, 0.05, 0.05, 0.02)),
    _steady("ga-cop", "Kir", 9.5, 290),
    _steady("ga-cop", "Uro", 6, 240),
    _steady("ga-cop", "Gyn", 6, 220),
    _steady("ga-cop", "ÖNH", 4.5, 250),
    _steady("ga-cop", "Obst", 1.8, 18),
    _orthopaedic("ga-dagkir", 5, (0.88, 0.04, 0.06, 0.02)),
    _steady("ga-dagkir", "Kir", 4.5, 240),
    _steady("ga-dagkir", "Gyn", 3, 160),
    _steady("ga-dagkir", "ÖNH", 3, 230),
    _steady("ga-dagkir", "Ögon", 3.5, 480),
    _steady("ga-dagkir", "Ane", 1, 50),
    _orthopaedic("hu-cop", 4.6, (0.03, 0.86, 0.09, 0.02)),
    _steady("hu-cop", "Kir", 7.6, 280),
    _steady("hu-cop", "Uro", 3.2, 125),
    _steady("hu-cop", "Gyn", 3.6, 150),
    _steady("hu-cop", "ÖNH", 2.8, 165),
    _steady("hu-cop", "Ögon", 1, 75),
    _steady("hu-cop", "Obst", 1, 8),
    _orthopaedic("bo-opc", 11.0, (0.09, 0.04, 0.865, 0.005), 0.5),
    _steady("bo-opc", "Kir", 5.4, 190),
    _steady("bo-opc", "Uro", 3.2, 130),
)


@dataclass(frozen=True)
class Closure:
    """A department that closes for a time, and who takes its patients meanwhile.

    Attributes:
        guests: Per receiving department and section: theatre-days a week.
    """

    unit: str
    first: int
    last: int
    guests: tuple[tuple[str, str, int], ...]


# Weeks 27–37 of 2026; the days are those of the calendar that the reports mark.
CLOSURES = (
    Closure(
        "bo-opc",
        number_of(date(2026, 6, 29)),
        number_of(date(2026, 9, 13)),
        (("ga-cop", "Ort", 4), ("ga-cop", "Kir", 1), ("hu-cop", "Ort", 3), ("hu-cop", "Uro", 1)),
    ),
)


@dataclass(frozen=True)
class Clinic:
    """The list to a first contact of one clinic.

    Attributes:
        seen_a_week: First contacts in an ordinary week.
        waiting: How many usually wait.
        disorder_days: Spread of the order in which people are called, in days.
    """

    name: str
    section: str
    seen_a_week: float
    waiting: float
    disorder_days: float = 22.0


CLINICS = (
    Clinic("Ortopedmottagning Gävle", "Ort", 68, 905),
    Clinic("Ortopedmottagning Hudiksvall", "Ort", 33, 470),
    Clinic("Ortopedmottagning Bollnäs", "Ort", 34, 392),
    Clinic("Kirurgmottagning Gävle", "Kir", 84, 700),
    Clinic("Kirurgmottagning Hudiksvall", "Kir", 44, 380),
    Clinic("Kirurgmottagning Bollnäs", "Kir", 24, 190),
    Clinic("Gynekologmottagning Gävle", "Gyn", 62, 480),
    Clinic("Gynekologmottagning Hudiksvall", "Gyn", 30, 210),
    Clinic("ÖNH-mottagning Gävle", "ÖNH", 72, 840),
    Clinic("ÖNH-mottagning Hudiksvall", "ÖNH", 28, 330),
    Clinic("Ögonmottagning Gävle", "Ögon", 78, 980),
    Clinic("Ögonmottagning Hudiksvall", "Ögon", 30, 420),
    Clinic("Smärtmottagning Gävle", "Ane", 9, 150),
)

# Who refers, by how much: health centres, other clinics, and people themselves.
REFERRERS = {
    "Hälsocentral Gävle Söder": 11, "Hälsocentral Sätra": 9, "Hälsocentral Strömsbro": 8,
    "Hälsocentral Andersberg": 7, "Hälsocentral Sandviken": 10, "Hälsocentral Hofors": 4,
    "Hälsocentral Ockelbo": 3, "Hälsocentral Bollnäs": 8, "Hälsocentral Edsbyn": 4,
    "Hälsocentral Söderhamn": 8, "Hälsocentral Hudiksvall": 8, "Hälsocentral Iggesund": 3,
    "Hälsocentral Ljusdal": 6, "Hälsocentral Bergsjö": 3, "Akutmottagningen Gävle": 5,
    "Akutmottagningen Hudiksvall": 3, "Egenremiss": 6, "Annan klinik": 6, "Annan region": 2,
}  # fmt: skip

# Surgeons of each section at each hospital, and where those who operate at a department belong.
SURGEONS = {
    "Ort": (18, 10, 5), "Kir": (22, 11, 3), "Uro": (9, 5, 2), "Gyn": (14, 8, 1),
    "Obst": (12, 7, 1), "ÖNH": (11, 6, 1), "Ögon": (9, 4, 1), "Ane": (4, 2, 1),
}  # fmt: skip
SURGEON_HOMES = {
    ("bo-opc", "Ort"): (0.17, 0.12, 0.71),
    ("bo-opc", "Kir"): (0.38, 0.22, 0.40),
    ("bo-opc", "Uro"): (0.52, 0.26, 0.22),
    ("hu-cop", "Ögon"): (0.35, 0.65, 0.0),
    ("hu-cop", "Uro"): (0.20, 0.80, 0.0),
}
