"""Series of how theatre time was used."""

from lpe_reports.display.series.measure import SeriesMeasure, Wording

_HERE = "lpe_reports.display.series"


def _utilisation(
    measure_id: str, label: str, subject: str, *, options: tuple[str, ...] = ()
) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="share",
        table="utilisation",
        source="sessions",
        compute=f"{_HERE}.utilisation:share",
        wording=Wording("level", subject),
        parts=("Använda minuter", "Tillgängliga minuter"),
        options=options,
    )


MEASURES = (
    _utilisation("spor_patient_time", "SPOR, patienttid", "SPOR:s patienttid"),
    _utilisation("spor_operation_time", "SPOR, operationstid", "SPOR:s operationstid"),
    _utilisation("aacd_raw", "AACD, patienttid i pass", "patienttiden i passen"),
    _utilisation(
        "aacd_adjusted",
        "AACD, med bytestid",
        "patienttiden med bytestid",
        options=("turnover_cap_minutes",),
    ),
    _utilisation("nhs_capped", "NHS, operationstid i pass", "operationstiden i passen"),
    _utilisation("nhs_uncapped", "NHS, hela operationstiden", "hela operationstiden mot passen"),
    _utilisation("room_window", "Första in till sista ut", "tiden från första in till sista ut"),
    SeriesMeasure(
        id="under_use",
        label="Outnyttjad passtid",
        type="hours",
        table="under_over_use",
        source="sessions",
        compute=f"{_HERE}.utilisation:under_use",
        improvement="down",
        unit="tim",
        decimals=0,
        wording=Wording("level", "den outnyttjade passtiden"),
    ),
    SeriesMeasure(
        id="over_use",
        label="Tid utanför pass",
        type="hours",
        table="under_over_use",
        source="sessions",
        compute=f"{_HERE}.utilisation:over_use",
        improvement="down",
        unit="tim",
        decimals=0,
        wording=Wording("level", "tiden utanför passen"),
    ),
)
