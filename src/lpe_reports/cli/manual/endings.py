"""How commands end, as their exit codes say it."""

from collections.abc import Mapping

# The codes of errors.py, with those of a build that went well in part and of signals.
EXIT_CODES: Mapping[int | str, str] = {
    0: "all well",
    1: "a fault of ours, or a full disk",
    2: "wrong use, params or settings; a notebook that cannot be run as it is written",
    3: (
        "built or published, but a run failed: its page was kept from an earlier version, or is "
        "missing"
    ),
    4: "the build gave nothing to publish",
    5: "the source or the extract failed",
    6: "the extract is held for a person to look at, or too old",
    7: "the gate found something that must not leave; `build/gate.json` lists it",
    8: (
        "another command holds the lock; the message says which, its process, its host and since "
        "when"
    ),
    9: (
        "`lpe check` found something, `lpe versions --verify` found damage, or `lpe docs` a link "
        "that leads nowhere"
    ),
    "129, 130, 143": (
        "the terminal was closed (SIGHUP), Ctrl-C was pressed (SIGINT), the command was told to "
        "stop (SIGTERM); nothing of it runs any more, and the next one goes on from there"
    ),
}
