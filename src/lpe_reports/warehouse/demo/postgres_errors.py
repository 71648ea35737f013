"""What a PostgreSQL server refused while it was being filled, in our words.

A driver's own messages hold hosts, statements and values of rows; none of them leaves this
module. Whatever is said here, the transaction was not committed.
"""

import re

from lpe_reports.errors import SourceError, SourceGoneError

_KEPT = "the tables are as they were"


def told(error: Exception, said: str, *, connecting: bool) -> SourceError:
    """A driver's error as one of ours.

    Args:
        error: psycopg's.
        said: Where the URL was written, for the message.
        connecting: Whether there was no connection yet.
    """
    return _connecting(str(error), said) if connecting else _writing(error)


def _connecting(text: str, said: str) -> SourceError:
    if re.search(r"authentication|password|role .* does not exist|pg_hba", text, re.IGNORECASE):
        return SourceError(
            f"the PostgreSQL server refused the login; check user and password in {said}"
        )
    if re.search(r"database \S+ does not exist", text):
        return SourceError(
            f"the PostgreSQL server has no such database; create it, or correct {said}"
        )
    return SourceGoneError(
        "the PostgreSQL server does not answer: it is down or starting, or a firewall is between; "
        f"check host and port in {said}"
    )


def _writing(error: Exception) -> SourceError:
    state = str(getattr(error, "sqlstate", None) or "")
    if state == "55P03":
        return SourceGoneError(
            f"a table of the old demo is being read by somebody else; {_KEPT}. Try again later"
        )
    if state == "42501":
        return SourceError(
            f"the account may not create tables there; {_KEPT}. Ask for GRANT CREATE ON SCHEMA, "
            "and for the old tables' owner"
        )
    if state.startswith("53"):
        return SourceError(f"the PostgreSQL server has no room or memory left; {_KEPT}")
    if not state or state.startswith(("08", "57P", "40")):
        return SourceGoneError(
            f"the connection to the PostgreSQL server was lost; {_KEPT}. Try again"
        )
    return SourceError(f"the PostgreSQL server refused a table (SQLSTATE {state}); {_KEPT}")
