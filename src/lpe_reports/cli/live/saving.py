"""Files that are saved: what may change the page, noticed as soon as it is whole on the disk."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import Change, watch

# Editors write several times in a row; so long must nothing more come.
_STEP_MILLISECONDS = 25
_MOST_MILLISECONDS = 400
_POLL_MILLISECONDS = 300
_ENDINGS = frozenset(
    ".ipynb .py .yml .yaml .html .css .js .lua .typ .svg .png .jpg .jpeg".split()  # noqa: SIM905
)
_NEVER = frozenset(("__pycache__", ".ipynb_checkpoints", ".git"))


def matters(change: Change, path: str) -> bool:
    """Whether a file can be part of a page; for `watchfiles`."""
    place = Path(path)
    return place.suffix.lower() in _ENDINGS and not _NEVER.intersection(place.parts)


class Watching:
    """Watches folders in threads of its own until it is closed.

    Args:
        folders: What is watched with all that is below it.
        files: Single files; their folders are watched, since editors put new files in place.
        saved: Called with the paths that were changed, from another thread.
        polling: Look at the files again and again, where the system does not tell of changes
            (network drives).
    """

    def __init__(
        self,
        folders: Iterable[Path],
        files: Iterable[Path],
        saved: Callable[[set[Path]], None],
        *,
        polling: bool = False,
    ) -> None:
        self._end = threading.Event()
        self._saved = saved
        self._polling = polling or None  # else as WATCHFILES_FORCE_POLLING says
        single = {path.resolve() for path in files}
        self._threads = [
            threading.Thread(
                target=self._watch, args=([f for f in folders if f.is_dir()], None), daemon=True
            ),
            threading.Thread(
                target=self._watch, args=([p.parent for p in single], single), daemon=True
            ),
        ]
        for thread in self._threads:
            thread.start()

    def _watch(self, places: list[Path], only: set[Path] | None) -> None:
        for changes in watch(
            *places,
            watch_filter=matters,
            recursive=only is None,
            step=_STEP_MILLISECONDS,
            debounce=_MOST_MILLISECONDS,
            force_polling=self._polling,
            poll_delay_ms=_POLL_MILLISECONDS,
            stop_event=self._end,
            rust_timeout=1000,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            paths = {Path(path) for _, path in changes}
            if only is not None:
                paths = {path for path in paths if path.resolve() in only}
            if paths:
                self._saved(paths)

    def close(self) -> None:
        """Stop watching."""
        self._end.set()
        for thread in self._threads:
            thread.join(2)
