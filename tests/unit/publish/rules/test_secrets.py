"""Passwords, keys and ways into servers are found, and what only looks a bit like them is not."""

from pathlib import Path

import pytest

from lpe_reports.publish.documents import Document, Reference
from lpe_reports.publish.rules.secrets import own_secrets, project_secrets, written_secrets
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "disclosure", "The gate finds passwords, keys and ways into a server"
)

# Put together here, so that no scanner of the repository takes them for real ones.
SECRETS = [
    "-----BEGIN " + "RSA PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2_" * 11,
    "glpat-" + "a1B2" * 5,
    "xoxb-" + "123456789012-abcdef",
    "https://hooks.slack.com/services/" + "T000/B000/XXXX",
    "AIza" + "a1B2c" * 7,
    "eyJ" + "hbGciOiJI.eyJ" + "zdWIiOiIx.abcdefgh",
    "Authorization: Basic " + "dXNlcjpwYXNzd29yZA==",
    "Bearer " + "abcdefghijklmnop1234",
    "password=hemligt",
    "Password = hemligt;",
    "PWD=hemligt;",
    "pwd={hem;ligt}",
    "passwd='hemligt ord'",
    '"password": "hemligt"',
    "password: hemligt12",
    "lösenord=hemligt",
    "client_secret=abc123",
    "api_key=abc123",
    "apiKey: 'abcdef123'",
    "AccountKey=abcd1234==",
    "X_ACCESS_TOKEN=abcd",
]
CONNECTIONS = [
    "postgresql://anna:hemligt@sql01/op",
    "postgresql+psycopg://sql01.region.example/op",
    "https://anna:hemligt@intern.example/x",
    "mssql+mssqlpython://sql01/op",
    "jdbc:sqlserver://sql01;databaseName=op",
    "ftp://sql01/fil",
    "Driver={ODBC Driver 18 for SQL Server};Server=sql01;Database=op",
    "Server=tcp:sql01,1433;Initial Catalog=op;",
    "Data Source=sql01;User ID=anna",
    "DSN=operationer;UID=anna",
    "host=sql01 dbname=op user=anna",
    "host=sql01 connect_timeout=3 port=5432",
]
VARIABLES = [
    "LPE_KEY_SECRET=abc",
    "LPE_WAREHOUSE_URL = x",
    "'LPE_NIGHT': '2026-05-11'",
    "PGPASSWORD=x",
    "AWS_SECRET_ACCESS_KEY=x",
]
CLEAN = [
    "Lösenord: fråga IT. Användarnamn: ditt eget.",
    "Byt lösenord! password: se nedan",
    "Nyckeltal; key_figures: 12; tokens = 3",
    '{"key_figures": [{"id": "equity-operations", "hidden": false}]}',
    '"digest": "' + "0123456789abcdef" * 4 + '"',
    '<dl class="keys"><div class="key">',
    '<input type="password" name="password">',
    "password=<lösenord>&password=***",
    "function(password) { return password; } const token = null;",
    "Adress: https://www.digg.se/tdosanmalan och mailto:a@example.invalid",
    "http://www.w3.org/2000/svg",
    "sätt LPE_KEY_SECRET, se handboken; LPE_WAREHOUSE_URL saknas",
    "Server: den som visar sidan. Database: datalagret; host = värd",
    "kl. 10:30 @ sal 3; 10:30://x",
    "asia akia ghp_ sk-operation-ortopedi-kirurgi",
    "n = 12; k = 3; host=",
    "värd=1;port=2",
]


def rules(text: str, kind: str = ".txt") -> list[str]:
    """The rules that a text breaks."""
    return [fault.rule for fault in written_secrets(Document("a", kind=kind, text=text))]


@pytest.mark.parametrize("text", SECRETS)
def test_passwords_and_keys_are_found(text: str) -> None:
    """By the form of those that have one, and by what stands before the others."""
    assert "password or key" in rules(f"Fel: {text}\n")
    assert "password or key" in rules(f"<td>{text}</td>", ".html")


@pytest.mark.parametrize("text", CONNECTIONS)
def test_ways_into_a_server_are_found(text: str) -> None:
    """Addresses of databases, and the strings that drivers take."""
    assert rules(f"Fel: {text}\n")[:1] == ["way into a server"]


@pytest.mark.parametrize("text", VARIABLES)
def test_variables_with_their_values_are_found(text: str) -> None:
    """The name alone may be told: the guide does."""
    assert "value of an environment variable" in rules(f"{text}\n")


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_no_secret_raises_no_alarm(text: str) -> None:
    """Words, placeholders, digests, links to other sites."""
    assert rules(f"{text}\n") == []


def test_a_secret_in_an_address_is_found() -> None:
    """Addresses are no text that a reader sees."""
    document = Document("a", kind=".html", text="Se sidan.")
    document.references = [Reference("link", "https://anna:hemligt@intern.example/x", "line 3")]

    assert [fault.rule for fault in written_secrets(document)] == ["way into a server"]


def test_the_projects_own_secrets_are_found_however_they_are_written(tmp_path: Path) -> None:
    """As they are, in an address, in a page and in JSON; the password alone and the server, too."""
    project = Project(tmp_path)
    environment = {
        "LPE_KEY_SECRET": 'k"ey<1>/value',
        "LPE_WAREHOUSE_URL": "mssql+mssqlpython://anna:hem%40ligt1@sql01.intern.example:1433/op",
        "LPE_NIGHT": "2026-05-11",
        "HOME": "/not/ours-1",
    }
    look = own_secrets(project_secrets(project, environment))

    for text in (
        'x k"ey<1>/value', "k&quot;ey&lt;1&gt;/value", 'k\\"ey<1>/value', "k%22ey%3C1%3E%2Fvalue",
        "hem@ligt1", "hem%40ligt1", "till sql01.intern.example.",
    ):  # fmt: skip
        for document in (Document("a", source=text), Document("a", text=text)):
            assert [fault.rule for fault in look(document)] == ["secret of this project"], text
    for text in ("2026-05-11", "/not/ours-1", "anna", "op", "1433", "intern"):
        assert list(look(Document("a", text=text))) == [], text


def test_a_password_that_is_a_word_is_not_looked_for_alone(tmp_path: Path) -> None:
    """Every page may hold it; with what stands around it, it is found."""
    environment = {"LPE_WAREHOUSE_URL": "postgresql://anna:operation@sql01/op", "PGPASSWORD": "12"}

    found = project_secrets(Project(tmp_path), environment)

    assert "operation" not in found
    assert "12" not in found
    assert environment["LPE_WAREHOUSE_URL"] in found


def test_the_variable_that_a_source_names_is_one_of_them(tmp_path: Path) -> None:
    """Whatever it is called, and also when the file cannot be read as it should."""
    project = Project(tmp_path)
    project.params.mkdir()
    (project.params / "sources.yml").write_text("sources:\n  x:\n    url_env: OTHER_PLACE\n")

    found = project_secrets(project, {"OTHER_PLACE": "value-of-it-1"})

    assert "value-of-it-1" in found
