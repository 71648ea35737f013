"""Random numbers that do not depend on what else is drawn.

Each part of the demo draws from a generator of its own, named by what it is for (a queue and
the number of its block, a unit and a week). A longer demo therefore repeats a shorter one
night by night, as a warehouse does, and a change in one part leaves the others as they were.
"""

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def generator(seed: int, *names: object) -> np.random.Generator:
    """The generator that belongs to these names, the same for the same seed and names."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng([seed, *words])


def pick(uniform: Floats, weights: Floats | list[float]) -> Ints:
    """Index of the weight that each uniform number falls on.

    Args:
        uniform: Numbers in [0, 1).
        weights: Relative weights; they need not sum to 1.
    """
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], uniform, side="right").astype(np.int64)
