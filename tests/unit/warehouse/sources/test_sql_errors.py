"""What is refused while connecting has no state, only a text; a text not known is no answer."""

import pytest
import sqlalchemy as sa

from lpe_reports.errors import SourceError, SourceGoneError
from lpe_reports.warehouse.sources.sql_errors import Asked, told
from postgres_warehouse import entry

SERVER = "the database of source 'lager'"


def _told(text: str, place: str | None = None) -> SourceError:
    error = sa.exc.OperationalError("SELECT hemligt", {}, Exception(text))
    return told(error, Asked(SERVER, entry({"operations": {}}), place))


# PostgreSQL's own words, in English and in its own Swedish.
@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ('password authentication failed for user "anna"', SourceError, "refused the login"),
        ('Lösenordsautentisering misslyckades för användare "anna"', SourceError, "refused the"),
        ('rollen "anna" finns inte', SourceError, "refused the login"),
        ('roll "anna" tillåts inte logga in', SourceError, "refused the login"),
        ('no pg_hba.conf entry for host "10.1.2.3", user "anna"', SourceError, "refused the login"),
        ('ingen rad i pg_hba.conf för värd "10.1.2.3"', SourceError, "refused the login"),
        ('database "anna" does not exist', SourceError, "no such database"),
        ('databasen "anna" existerar inte', SourceError, "no such database"),
        ('permission denied for database "anna"', SourceError, "or we may not open it"),
        ('rättighet saknas för databas "anna"', SourceError, "or we may not open it"),
        ("sorry, too many clients already", SourceGoneError, "too many connections"),
        ("ledsen, för många klienter", SourceGoneError, "too many connections"),
        ('för många uppkopplingar för roll "anna"', SourceGoneError, "too many connections"),
        ("resterande anslutningsslottar är reserverade", SourceGoneError, "too many connections"),
        ("the database system is starting up", SourceGoneError, "is down or starting"),
        ("databassystemet startar upp", SourceGoneError, "is down or starting"),
        (
            'connection to server at "10.1.2.3", port 5432 failed',
            SourceGoneError,
            "does not answer",
        ),
        ("failed to resolve host 'anna'", SourceGoneError, "host name is unknown"),
    ],
)
def test_refusal_at_the_door_is_told_for_what_it_is(text: str, kind: type, says: str) -> None:
    """Without user, host or database."""
    said = _told(text)

    assert type(said) is kind
    assert str(said).startswith(SERVER)
    assert says in str(said)
    for word in ("anna", "10.1.2.3", "hemligt"):
        assert word not in str(said)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (sa.exc.OperationalError("", {}, Exception("?")), SourceGoneError, "was lost"),
        (sa.exc.ProgrammingError("", {}, Exception("?")), SourceError, "Try it by hand"),
        (sa.exc.DataError("", {}, Exception("19811228")), SourceError, "a value in it"),
        (UnicodeDecodeError("utf-8", b"19811228", 0, 1, "?"), SourceError, "a value in it"),
    ],
)
def test_what_is_not_known_is_told_by_its_kind(error: Exception, kind: type, says: str) -> None:
    """With as much as can be said without its words."""
    said = told(error, Asked(SERVER, entry({"operations": {}}), "table operations"))

    assert type(said) is kind
    assert says in str(said)
    assert "19811228" not in str(said)
