"""How drawn tests draw while code is changed: the same cases each time, and the first that fails.

Read by pytest (`-p mutation.draws --hypothesis-profile=mutation`): a changed line is found by the
case that finds it, so none is made smaller, and none is kept for the next change.
"""

import sys

from hypothesis import Phase, settings

settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)


def pytest_sessionstart() -> None:
    """Forget what functions remember: else they answer for the code as it was before the change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lpe_reports."):
            for each in list(vars(module).values()):
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
