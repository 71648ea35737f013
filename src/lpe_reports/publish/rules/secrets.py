"""No password, key or way into a server, whoever's it is, and none of the project's own.

The project's own are compared with what the environment holds when the gate looks; they are
never told, not even by their length.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import quote, quote_plus, unquote, urlsplit

from lpe_reports.errors import ParamsError
from lpe_reports.publish.documents import Document, Rule, mark, words_of
from lpe_reports.publish.findings import Fault
from lpe_reports.settings import Project

_SCRIPTS = (".js", ".mjs")
_SECRET = "password or key"
_CONNECTION = "way into a server"
_ENVIRONMENT = "value of an environment variable"
_OWN = "secret of this project"

# What a value never begins with: a blank, the end, or words that stand for it (<password>, ***).
_VALUE = r"(?!(?:null|none|undefined|true|false)\b|\s|[;,&\"'<>({\[*]|$)"
_WORDS = r"pass(?:word|wd|phrase)?|pwd|l[öo]senord|secret|token|credentials?"
_KEYS = ("api", "access", "account", "private", "client", "auth", "shared")
_NAMES = rf"(?:[a-z0-9]+[_-])*(?:{_WORDS}|(?:{'|'.join(_KEYS)})[_-]?(?:key|secret|token))"
_WAY = (
    r"driver|server|address|addr|data source|dsn|uid|user id|user|host|hostaddr|port|database|"
    r"dbname|initial catalog|trusted_connection|encrypt|integrated security"
)
_SPACED = (b" driver ", b" server ", b" source ", b" catalog ")
_SCHEMES = (
    r"postgres(?:ql)?|mssql|sqlserver|mysql|mariadb|oracle|db2|odbc|snowflake|databricks|redis|"
    r"rediss|mongodb|amqps?|kafka|ldaps?|smb|ftps?|sftp|ssh|jdbc:[a-z0-9]+"
)
# Per pattern: the rule, and texts of which one is in whatever it finds. Looking for a fixed text is
# many times faster, and finds nothing in nearly every file.
_PATTERNS: tuple[tuple[str, tuple[bytes, ...], re.Pattern[str]], ...] = tuple(
    (rule, tuple({mark(word): None for word in words}), re.compile(pattern, flags))
    for rule, words, pattern, flags in (
        (
            _SECRET,
            ("-----begin", "putty-user-key", "age-secret-key-1"),
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[A-Z0-9]{20}",
            0,
        ),
        (
            _SECRET,
            ("akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
             "aiza", "sk_live_", "npm_", "pypi-ag", "dapi", "sk-", "xox", "hooks.slack.com/"),
            r"\b(?:A(?:KIA|SIA)[0-9A-Z]{16}\b|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50}|"
            r"glpat-[\w-]{20}|AIza[\w-]{35}|sk_live_\w{16}|npm_[A-Za-z0-9]{36}|"
            r"pypi-Ag[\w-]{50}|dapi[0-9a-f]{32}\b|sk-(?:[a-z]+-)?[A-Za-z0-9_]{32}|"
            r"xox[abeprs]-\d[A-Za-z0-9-]{9})|hooks\.slack\.com/services/T\w+/\w+/\w+",
            0,
        ),
        (
            _SECRET,
            ("eyj",),
            r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
            0,
        ),
        (
            _SECRET,
            ("authorization", "bearer "),
            r"\b(?:authorization[\"']?\s*[:=]\s*[\"']?(?:basic|digest|negotiate)|bearer)"
            r"\s+[\w+/.~-]{16,}",
            re.IGNORECASE,
        ),
        (
            _SECRET,
            ("password", "passwd", "passphrase", "pwd", "senord", "secret", "token", "credential",
             *(own + key for own in _KEYS for key in ("key", "_key", "-key"))),
            # Straight after an equals sign; after a colon, as JSON and YAML have it, a value
            # in quotation marks or one of letters and digits both.
            rf"(?<![A-Za-z0-9])(?:{_NAMES})\s*(?:=\s*(?:(?P<bare>{_VALUE}[^\s;&\"'<>]{{3,}})|"
            r"(?P<q>[\"'])(?!\s*(?P=q))[^\"'<>\n]{3,}(?P=q)|\{[^{}\s]{3,}\})|"
            r"[\"']?\s*:\s*(?:[\"'][^\"'<>\s*]{6,}[\"']|(?=[^\s<>]*\d)(?=[^\s<>]*[a-z])"
            r"[\w!#$%&*+./=?@^~-]{8,}))",
            re.IGNORECASE,
        ),
        (
            _CONNECTION,
            ("://",),
            rf"\b(?:[a-z][a-z0-9+.-]{{1,20}}://[^\s/@:\"'<>?#]*:[^\s/@\"'<>]+@[^\s\"'<>@]|"
            rf"(?:{_SCHEMES})(?:\+\w+)?:(?:thin:@)?//[^\s\"'<>/])",
            re.IGNORECASE,
        ),
        (
            _CONNECTION,
            ("driver=", "server=", "host=", "hostaddr=", "dsn=", "uid=", "source=", "catalog="),
            rf"(?<![\w-])(?:{_WAY})\s*=\s*[^\s;=<>\"'][^;=<>\"'\n\x1f]{{0,80}};\s*(?:{_WAY})\s*=\s*"
            rf"[^\s;=<>]|(?<![\w-])(?:host|hostaddr)=\S+\s+(?:\w+=\S+\s+)*?(?:dbname|user|port)=\S",
            re.IGNORECASE,
        ),
        (
            _ENVIRONMENT,
            ("lpe_", "pgpass", "pghost", "pguser", "pgserv", "aws_", "azure_", "odbc"),
            r"(?<![A-Za-z0-9_])(?:LPE_[A-Z0-9_]+|PG(?:PASSWORD|PASSFILE|HOST|USER|SERVICE)|"
            r"(?:AWS|AZURE)_[A-Z_]+|ODBC(?:INI|SYSINI))[\"']?\s*[=:]\s*[\"']?[^\s\"'<>,;]",
            0,
        ),
    )
)  # fmt: skip

# A shorter secret, or one of letters alone or of digits alone, may be a word or a number that
# pages hold anyway; it is then found by what stands around it, or not at all.
_SHORTEST = 8
_KINDS = (re.compile(r"[A-Za-zÀ-ÿ]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-zÀ-ÿ0-9]"))
_OWN_NAME = re.compile(r"LPE_\w*(?:SECRET|URL|PASSWORD|TOKEN|KEY|DSN)|PGPASSWORD")

# Only such a name can hold one.
_TELLING_NAME = re.compile(r"[=@:]|\w{16}")


def written_secrets(document: Document) -> Iterator[Fault]:
    """Passwords, keys and ways into servers, by how they are written."""
    script = document.kind in _SCRIPTS
    yield from _written(document.text, document.words, document.place, script=script)
    # What else a page holds (the names of classes, coordinates) is many times as much.
    aside = [unquote(reference.target) for reference in document.references]
    aside += [unescape(part) for name, part in document.markup.items() if name]
    if _TELLING_NAME.search(document.own_name):
        aside.append(document.own_name)
    if aside:
        led = "\n".join(aside)
        for rule in {fault.rule for fault in _written(led, words_of(led), str)}:
            yield Fault(rule)


def is_secret(text: str) -> bool:
    """Whether a name holds a password, a key or a way into a server."""
    return any(True for _ in _written(text, words_of(text), str))


def project_secrets(project: Project, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values that the project's environment holds, in every way they may be written.

    Args:
        project: The project, whose sources name the variables that hold a server's address.
        environment: The environment.
    """
    names = {name for name in environment if _OWN_NAME.fullmatch(name)}
    path = project.params / "sources.yml"
    if path.is_file():
        # It takes half a second, which most of those who look at a file can do without.
        from lpe_reports.params.sources import load_sources

        try:
            sources = load_sources(path, project.root)
            names |= {entry.url_env for entry in sources.sources.values()}
        except ParamsError:
            # A build has read it before; what is wrong with it is not the gate's to tell.
            names |= set(
                re.findall(r"(?m)^\s*url_env:\s*([A-Z][A-Z0-9_]*)", path.read_text("utf-8"))
            )
    values: set[str] = set()
    for name in names:
        if value := environment.get(name, "").strip():
            values |= _parts(value)
    telling = {value for value in values if _is_telling(value)}
    return tuple(sorted({form for value in telling for form in _forms(value)}))


def own_secrets(secrets: tuple[str, ...]) -> Rule:
    """A rule that finds the project's own secrets.

    Args:
        secrets: As `project_secrets` gives them.
    """

    def look(document: Document) -> Iterator[Fault]:
        for text, where in ((document.source, document.line), (document.text, document.place)):
            places = [text.find(secret) for secret in secrets]
            if found := [place for place in places if place >= 0]:
                yield Fault(_OWN, where(min(found)))
                return

    return look


def _written(
    text: str, words: bytes, where: Callable[[int], str], *, script: bool = False
) -> Iterator[Fault]:
    for rule, marks, pattern in _PATTERNS:
        # (`server = x` has its sign as a word of its own.)
        spaced = rule == _CONNECTION and b" = " in words and any(w in words for w in _SPACED)
        if spaced or any(mark in words for mark in marks):
            for match in pattern.finditer(text):
                # In a script what stands there without quotation marks is a name, no value.
                if not (script and match.groupdict().get("bare")):
                    yield Fault(rule, where(match.start()))


def _parts(value: str) -> set[str]:
    """A value, and where it is an address, its password and the name of its server."""
    if "://" not in value:
        return {value}
    try:
        address = urlsplit(value)
        host = address.hostname or ""
    except ValueError:
        return {value}
    parts = {value, unquote(address.password or "")}
    # A server without a dot in its name is a word that pages may hold.
    return parts | ({host} if "." in host else set())


def _is_telling(value: str) -> bool:
    return len(value) >= _SHORTEST and sum(bool(kind.search(value)) for kind in _KINDS) > 1


def _forms(value: str) -> set[str]:
    """How a value may stand in a page, a script or an address."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return {value, escape(value), escape(value, quote=False), quote(value, safe=""), quoted} | {
        quote(value),
        quote_plus(value),
        b64encode(value.encode()).decode().rstrip("="),
    }
