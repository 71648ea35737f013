"""Importing a library that sets environment variables, without letting it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_environment() -> Iterator[None]:
    """Take back what is done to the environment in between.

    pandera sets PYARROW_IGNORE_TIMEZONE when it is imported, for the sake of Spark. PyArrow then
    drops the zone of every Python datetime that it is given, in this process and in those that
    it starts: hours are lost without a word.
    """
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
