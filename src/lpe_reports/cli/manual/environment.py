"""What the program reads from the environment; a test holds it to what the code names."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class VariableGroup:
    """Variables of one purpose: what they are for, and what each says, as Markdown."""

    title: str
    says: str
    variables: Mapping[str, str]


_COMMANDS = VariableGroup(
    "Of every command",
    "All may be unset.",
    {
        "LPE_PROJECT": "the project's folder; the current one, or one above it, otherwise",
        "LPE_RENDERER": (
            "what `--renderer auto` means: `quarto` or `pandoc`; otherwise Quarto where it is"
        ),
        "QUARTO_PATH": "the Quarto to use; the one on `PATH` otherwise",
        "LPE_DEBUG": "with any value, a fault of ours ends with its traceback",
        "LPE_MEMORY_MB": (
            "megabytes that all notebooks may have together; otherwise what is free when the build "
            "begins ([how many run at a time](programs.md#how-many-notebooks-run-at-a-time))"
        ),
        "LPE_NOTEBOOK_MEMORY_MB": (
            "megabytes that one notebook and all that it starts may have; 4096 otherwise, 0 for no "
            "limit"
        ),
        "LPE_CLUSTER_WAIT_SECONDS": (
            "how long `--executor dask:ADDRESS` waits for a first worker; 60 otherwise"
        ),
    },
)
_SECRETS = VariableGroup(
    "Secrets of the warehouse",
    "They stand in no file of the project. The gate looks for them on every page, and no notebook "
    "is given them.",
    {
        "LPE_WAREHOUSE_URL": (
            "the URL of a database server, as SQLAlchemy writes it; a source can name another "
            "variable ([`url_env`](params.md#paramssourcesyml))"
        ),
        "LPE_KEY_SECRET": (
            "what the keys of people and events are made anew with, at least 16 characters; every "
            "source but the demo's needs it ([Warehouses and files](warehouse.md))"
        ),
    },
)
_LETTERS = VariableGroup(
    "Letters after a night",
    "Nothing is sent where nothing is said ([Operate it](operate.md)).",
    {
        "LPE_MAIL_HOST": "the mail server; without it no mail is sent",
        "LPE_MAIL_PORT": "its port; by the security otherwise: 25, 587 or 465",
        "LPE_MAIL_SECURITY": "`none`, `starttls` (the default) or `tls`",
        "LPE_MAIL_USER": "who we are there; neither this nor the password where it asks nobody",
        "LPE_MAIL_PASSWORD": "its password; never with `LPE_MAIL_SECURITY=none`",
        "LPE_MAIL_FROM": "who the letters are from; the office's contact otherwise",
        "LPE_MAIL_OPERATOR": "who is told of whole nights that did not end well; nobody otherwise",
        "LPE_WEBHOOK": 'an address that takes `{"text": "…"}` by POST, of a chat for instance',
    },
)
_NOTEBOOKS = VariableGroup(
    "Set for notebooks",
    "The build sets these for what it starts; do not set them yourself. A notebook sees nothing of "
    "the surrounding environment but where to find its programs and files (`PATH`, `HOME`, "
    "`TMPDIR`, locale and the like), so that it gives the same wherever it runs.",
    {
        "LPE_RUN": "`1` while a build runs the notebook, not when a person does",
        "LPE_NIGHT": "the extract that it reads; the newest one where it is not set",
    },
)
_TESTS = VariableGroup(
    "Of the tests",
    "Read by `make test` and `pytest` alone.",
    {
        "LPE_REQUIRE": (
            "what must be there, with commas between: "
            "`chromium,postgres,nginx,rsync,faketime,dask,quarto`; "
            "tests that need it then fail and are not left out"
        ),
        "LPE_LONG": "`1`: more examples, more moments to be killed at; takes hours",
        "LPE_WRITE_DOCS": "`1`: the test of [What runs again](plan.md) writes its table anew",
    },
)
GROUPS = (_COMMANDS, _SECRETS, _LETTERS, _NOTEBOOKS, _TESTS)
