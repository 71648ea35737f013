"""A few sessions whose utilisation under each definition is worked out by hand."""

from datetime import date

import pandas as pd
import pytest

from canonical_frames import block, operations, sessions, stay
from lpe_reports.measures.utilisation import elective_days, under_over_use_by, utilisation_by

MONDAY, TUESDAY, FRIDAY = "2026-05-04", "2026-05-05", "2026-05-08"
ONE, TWO = "Hu C-op 01", "Hu C-op 02"
ELECTIVE = elective_days(date(2026, 5, 1), date(2026, 6, 1), {date(2026, 5, 1), date(2026, 5, 14)})

BLOCKS = sessions(
    block(ONE, MONDAY, "08:00", "16:00", session_id="A"),
    block(
        TWO, MONDAY, "12:00", "18:00", session_id="B", vo="kirurgi", section="kir",
        staffed_from_at=f"{MONDAY} 12:00", staffed_to_at=f"{MONDAY} 18:00",
    ),
    block(ONE, FRIDAY, "08:00", "15:00", session_id="C"),
    block(ONE, TUESDAY, "08:00", "16:00", session_id="D", status="closed"),
)  # fmt: skip
CASES = operations(
    stay(ONE, MONDAY, "08:10", "08:30", "09:30", "09:50"),  # 1
    stay(ONE, MONDAY, "10:20", "10:40", "12:10", "12:30"),  # 2
    stay(ONE, MONDAY, "14:00", "14:30", "16:20", "16:40"),  # 3, runs over
    stay(TWO, MONDAY, "12:30", "13:00", "14:00", "14:15"),  # 4
    stay(TWO, MONDAY, "14:35", "15:00", "17:30", "17:50"),  # 5, past elective hours
    stay(ONE, FRIDAY, "08:30", "09:00", "11:00", "11:30"),  # 6
    stay(ONE, FRIDAY, "12:00", "12:30", "14:30", "15:10"),  # 7, runs over
    stay(ONE, TUESDAY, "09:00", "09:20", "09:50", "10:00"),  # 8, in a closed session
    stay(ONE, MONDAY, "22:00", "22:20", "23:10", "23:30"),  # 9, at night
)

PER_SESSION = {
    # definition: (numerator, denominator) of A, B and C
    "spor_patient_time": ((350, 480), (250, 300), (300, 360)),
    "spor_operation_time": ((240, 480), (180, 300), (210, 360)),
    "aacd_raw": ((350, 480), (300, 360), (360, 420)),
    "aacd_adjusted": ((440, 480), (320, 360), (390, 420)),
    "nhs_capped": ((240, 480), (210, 360), (240, 420)),
    "nhs_uncapped": ((260, 480), (210, 360), (240, 420)),
    "room_window": ((480, 920), (300, 320), (370, 400)),
}
TOTAL = {
    "spor_patient_time": (900, 1140),
    "spor_operation_time": (630, 1140),
    "aacd_raw": (1010, 1260),
    "aacd_adjusted": (1150, 1260),
    "nhs_capped": (690, 1260),
    "nhs_uncapped": (710, 1260),
    "room_window": (1150, 1640),
}


def result(by: list[str]) -> pd.DataFrame:
    answer = utilisation_by(CASES, BLOCKS, by=by, calendar_days=ELECTIVE)
    return answer.set_index([*by, "definition"])


@pytest.mark.parametrize("definition", TOTAL)
def test_utilisation_by_hand_meets_each_definition(definition: str) -> None:
    """Three open sessions give what pencil and paper give, in minutes.

    A, Monday 08–16 (480): case 1 in the theatre 08:10–09:50 (100), case 2 10:20–12:30 (130),
    case 3 14:00–16:40, of which 120 before 16. B, Monday 12–18 (360): case 4 12:30–14:15 (105),
    case 5 14:35–17:50 (195). C, Friday 08–15 (420): case 6 08:30–11:30 (180), case 7
    12:00–15:10, of which 180 before 15. D is closed, case 8 counts nowhere. Case 9 is at night.

    spor_patient_time. Elective hours are 07–17, on Friday 07–14. A 100+130+120 = 350 of 480.
    B is staffed 12–18 and elective until 17: 105 + (14:35–17:00) 145 = 250 of 300. C until 14:
    180 + 120 = 300 of 360. Together 900 / 1140.
    spor_operation_time. A 60+90+(14:30–16:00) 90 = 240. B 60+(15–17) 120 = 180. C
    120+(12:30–14:00) 90 = 210. Together 630 / 1140.
    aacd_raw. A 350 / 480, B 105+195 = 300 / 360, C 180+180 = 360 / 420: 1010 / 1260.
    aacd_adjusted. Pauses: A 30 (09:50–10:20) and 90 (12:30–14:00), capped to 60 (the default);
    B 20; C 30. 440, 320 and 390: 1150 / 1260.
    nhs_capped. A 60+90+90 = 240, B 60+150 = 210, C 120+120 = 240 (14:30 is before 15):
    690 / 1260.
    nhs_uncapped. Case 3 operates 14:30–16:20, 20 more: A 260. Together 710 / 1260.
    room_window. Theatre 1 on Monday, night case too: 100+130+160+90 = 480 of 08:10–23:30 (920).
    Theatre 2 300 of 12:30–17:50 (320). Theatre 1 on Friday 180+190 = 370 of 08:30–15:10 (400).
    Together 1150 / 1640.
    """
    row = result([]).loc[definition]

    assert (row["numerator_minutes"], row["denominator_minutes"]) == TOTAL[definition]
    assert row["sessions"] == 3
    assert row["share"] == pytest.approx(TOTAL[definition][0] / TOTAL[definition][1])


@pytest.mark.parametrize("definition", PER_SESSION)
def test_utilisation_by_hand_splits_by_theatre_and_weekday(definition: str) -> None:
    """Each session's own numbers come out when the sessions are told apart."""
    split = result(["theatre", "weekday"]).xs(definition, level="definition")
    a, b, c = PER_SESSION[definition]

    minutes = ["numerator_minutes", "denominator_minutes"]
    assert split.loc[(ONE, 1), minutes].tolist() == list(a)
    assert split.loc[(TWO, 1), minutes].tolist() == list(b)
    assert split.loc[(ONE, 5), minutes].tolist() == list(c)
    assert len(split) == 3


def test_utilisation_by_hand_splits_by_vo() -> None:
    """A session's time belongs to the VO it is allocated to."""
    split = result(["vo"])

    assert split.loc[("kirurgi", "aacd_raw"), "numerator_minutes"] == 300
    assert split.loc[("ortopedi", "aacd_raw"), "numerator_minutes"] == 710
    assert split.loc[("kirurgi", "room_window"), "denominator_minutes"] == 320


def test_under_and_over_use_by_hand() -> None:
    """Empty session time is 1260 − 1010 = 250; cases 3 and 7 run over by 40 and 10 minutes."""
    row = under_over_use_by(CASES, BLOCKS, by=[]).iloc[0]

    assert row.to_dict() == {
        "session_minutes": 1260,
        "unused_minutes": 250,
        "over_minutes": 50,
        "sessions": 3,
    }
