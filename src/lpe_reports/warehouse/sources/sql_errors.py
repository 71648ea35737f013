"""What a database server refused, in our words.

SQLAlchemy's and the drivers' own messages hold the host, the statement and values of rows. None
of them leaves this module: here is only looked up which of a few known things has happened.

What a new try may mend is a SourceGoneError: no answer, a name that could not be looked up (name
servers have bad moments too), a server that starts or stops, a lost connection, too many
connections, a lock that somebody will let go of. The rest is a SourceError at once: a refused
login, because trying again locks accounts; an option in the URL that makes no sense, an unknown
database, table or column and a missing right, because somebody must mend them; and a statement
that took too long, because it would take as long again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from lpe_reports.errors import SourceError, SourceGoneError
from lpe_reports.params.sources import SourceEntry


@dataclass(frozen=True)
class Asked:
    """What was being done when it failed.

    Attributes:
        server: The server, as an operator knows it.
        entry: The source.
        place: The table or query; None while connecting.
        backend: The kind of server, as SQLAlchemy calls it.
    """

    server: str
    entry: SourceEntry
    place: str | None = None
    backend: str = ""

    @property
    def what(self) -> str:
        return self.place or self.server


def told(error: BaseException, asked: Asked) -> SourceError:
    """An error of a driver's as one of ours, with nothing of its text."""
    fault = _fault(error, connecting=asked.place is None)
    kind = SourceGoneError if fault in _GONE else SourceError
    return kind(_MESSAGES[fault](asked))


def _fault(error: BaseException, *, connecting: bool) -> str:
    """Which of the known things happened."""
    original: Any = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or _odbc_state(original)
    for pattern, fault in _STATES:
        if state and re.match(pattern, state):
            return fault
    text = str(original)
    if connecting and re.search(_OPTION, text, re.IGNORECASE):
        return "option"
    for fault, pattern in _TEXTS:
        if re.search(pattern, text, re.IGNORECASE):
            return fault
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return "lost"
    if connecting:
        # A driver that finds no sense in what it was given has not asked the server yet.
        senseless = isinstance(error, sa.exc.ProgrammingError | TypeError | ValueError)
        return "option" if senseless and not isinstance(error, UnicodeError) else "down"
    if isinstance(error, sa.exc.DataError | pa.ArrowException | OverflowError | UnicodeError):
        return "value"
    if isinstance(error, sa.exc.OperationalError):
        return "lost"
    return "unreadable"


def _odbc_state(original: Any) -> str | None:
    """pyodbc gives the state as the first of its arguments."""
    first = original.args[0] if getattr(original, "args", None) else None
    return first if isinstance(first, str) and re.fullmatch(r"[0-9A-Z]{5}", first) else None


# PostgreSQL's states; those of ODBC are so broad that its texts must be looked at as well.
_STATES = (
    (r"28(P01|000)", "login"),
    ("3D000", "database"),
    ("53300", "crowded"),
    ("42501", "right"),
    ("42P01|3F000|42S02", "table"),
    ("42703|42S22", "column"),
    ("55P03", "lock"),
    ("57014", "slow"),
    ("25006", "writes"),
    ("22", "value"),
    ("57P0[1235]|08|40|53", "lost"),
    ("0A000|42(?!000)", "query"),
)
# While connecting there is no state, only a text: PostgreSQL's in English or Swedish, SQL
# Server's in English. What is not recognised counts as a server that does not answer.
_TEXTS = (
    ("login", r"password authentication failed|authentication failed for user|no password supplied"
              r"|lösenordsautentisering misslyckades|role .* does not exist|rollen .* (finns|exist)"
              r"|pg_hba\.conf|is not permitted to log in|tillåts inte logga in"
              r"|login failed for|Invalid authorization specification"),
    ("database", r"database \S+ does not exist|databasen .* (finns|existerar) inte"
                 r"|permission denied for database|rättighet saknas för databas"
                 r"|cannot open database"),
    ("crowded", r"too many (clients|connections)|remaining connection slots|för många"
                r"|resterande anslutning"),
    ("host", r"failed to resolve host|could not translate host|name or service not known"
             r"|nodename nor servname|no such host"),
    ("snapshot", r"snapshot isolation transaction failed|allow_snapshot_isolation"),
    ("right", r"permission was denied|permission denied for"),
    ("table", r"invalid object name|base table or view not found"),
    ("column", r"invalid column name|column not found"),
    ("lock", r"lock request time ?out"),
    ("slow", r"query timeout expired|timeout expired.*HYT00|HYT00"),
    ("value", r"conversion failed|error converting|overflow|divide by zero"),
    ("lost", r"communication link failure|connection (is|was) (closed|broken|lost|reset)"
             r"|terminating connection|server closed the connection|deadlock"),
    ("query", r"incorrect syntax|is invalid unless .*top|common table expression"),
)  # fmt: skip
# What is wrong with the URL itself; asked for only while connecting.
_OPTION = (
    r"invalid (connection|URI query) |invalid \w+ value: |invalid integer value"
    r"|unrecognized configuration parameter|invalid value for parameter"
    r"|ogiltig\w* (anslutning|URI|heltalsvärde|värde|\w+-värde)|okänd konfiguration"
    r"|(certificate|private key) file .* does not exist|does not support SSL|stöder inte SSL"
)
_GONE = frozenset({"down", "host", "crowded", "lost", "lock"})

_HERE = "params/sources.yml"


def _not_there(asked: Asked) -> str:
    return ", without WITH and ORDER BY (SQL Server)" if asked.backend == "mssql" else ""


_MESSAGES: dict[str, Callable[[Asked], str]] = {
    "down": lambda a: (
        f"{a.server} does not answer: the server is down or starting, or a firewall is between. "
        f"Ask whoever runs it, and check host and port in {a.entry.url_env}"
    ),
    "option": lambda a: (
        f"{a.server} was not asked: an option in {a.entry.url_env} (what follows the question "
        "mark) is unknown, or has a value that cannot be used. Correct it there, or take it out"
    ),
    "host": lambda a: (
        f"{a.server} cannot be found: its host name is unknown here. Check the name in "
        f"{a.entry.url_env}, and that this machine's name servers answer"
    ),
    "login": lambda a: (
        f"{a.server} refused the login. Check user and password in {a.entry.url_env}"
        f"{' or the keyring' if a.entry.keyring else ''}, and that the account is open and may "
        "come from this machine; it is not tried again, as that could lock the account"
    ),
    "database": lambda a: (
        f"{a.server} has no such database, or we may not open it. Correct its name, the last "
        f"part of {a.entry.url_env}"
    ),
    "crowded": lambda a: (
        f"{a.server} has too many connections already. Try later, or ask whoever runs it for a "
        "connection kept for this account"
    ),
    "snapshot": lambda a: (
        f"{a.server} does not let us read all tables as of one moment. Ask whoever runs it for "
        "ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON; it does not disturb others"
    ),
    "right": lambda a: (
        f"{a.what}: the account may not read it. Ask whoever runs {a.server} to grant it SELECT "
        "there (and the right to use its schema)"
    ),
    "table": lambda a: (
        f"{a.what} does not exist, or asks for what does not. Was it renamed? Correct it in "
        f"{_HERE}, spelt as the database spells it, upper and lower case too"
    ),
    "column": lambda a: (
        f"{a.what} asks for a column that does not exist. Was it renamed? Correct it in {_HERE}"
    ),
    "lock": lambda a: (
        f"{a.what} is locked by somebody else, and was not let go of within "
        f"{a.entry.lock_seconds} seconds. Run this when nothing is loaded into the warehouse, or "
        f"raise 'lock_seconds' in {_HERE}"
    ),
    "slow": lambda a: (
        f"{a.what} took longer than {a.entry.statement_seconds} seconds, or somebody stopped it. "
        f"Ask whoever runs {a.server} for a faster view or an index, or raise "
        f"'statement_seconds' in {_HERE}"
    ),
    "writes": lambda a: (
        f"{a.what} would change data, and it is read in a transaction that may not. Name a "
        f"SELECT without side effects in {_HERE}"
    ),
    "value": lambda a: (
        f"{a.what} cannot be read to its end: a value in it does not fit what the view or query "
        "does with it, or is a date that no calendar here has. Mend it in the warehouse, or "
        f"leave such rows out with a query in {_HERE}"
    ),
    "query": lambda a: (
        f"{a.what} is not a query that the server takes. It is put in parentheses as a "
        f"subselect, so it must be one SELECT that changes nothing{_not_there(a)}. Correct it in "
        f"{_HERE}, or make it a view"
    ),
    "lost": lambda a: (
        f"{a.what}: the connection to {a.server} was lost, as when the server stops or somebody "
        "ends the session. Nothing was kept; try again, and ask whoever runs it if it stays so"
    ),
    "unreadable": lambda a: (
        f"{a.what} cannot be read, for a reason that the server tells only in words with data in "
        f"them. Try it by hand with the same account, and correct it in {_HERE}"
    ),
}  # fmt: skip
