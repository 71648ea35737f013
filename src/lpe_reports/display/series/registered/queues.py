"""Series of what comes to a waiting list and leaves it."""

from lpe_reports.display.about import JOINED, LEFT, MOVED
from lpe_reports.display.series.measure import SeriesMeasure, Wording

_HERE = "lpe_reports.display.series.queues"


def _flow(
    list_: str, direction: str, label: str, source: str, noun: tuple[str, str], *, definition: str
) -> SeriesMeasure:
    event = JOINED if direction == "inflow" else LEFT
    # Rounded numbers do not add up, and are nobody else's on any page.
    exact = list_ == "first_contact"
    return SeriesMeasure(
        id=f"{list_}_{direction}",
        label=label,
        type="count",
        table="list_flow",
        source=source,
        compute=f"{_HERE}:{list_}_{direction}",
        population=MOVED if exact else "",
        traits=(*event, ("list", list_)) if exact else (),
        definition=definition,
        wording=Wording("level", noun[0], one=noun[0], many=noun[1]),
    )


MEASURES: tuple[SeriesMeasure, ...] = (
    _flow(
        "operation", "inflow", "Nya beslut om operation, ca", "needs",
        ("inflödet till operation", "nya beslut"), definition="list_inflow",
    ),
    _flow(
        "operation", "outflow", "Lämnade listan till operation, ca", "operations",
        ("utflödet från listan till operation", "som lämnade listan"), definition="list_outflow",
    ),
    _flow(
        "first_contact", "inflow", "Nya remisser", "referrals",
        ("inflödet till första kontakt", "nya remisser"), definition="list_inflow",
    ),
    _flow(
        "first_contact", "outflow", "Avslutade remisser", "contacts",
        ("utflödet från listan till första kontakt", "avslutade remisser"),
        definition="list_outflow",
    ),
)  # fmt: skip
