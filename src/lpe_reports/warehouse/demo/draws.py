"""Random numbers that do not depend on what else is drawn.

Each part of the demo draws from a generator of its own, named by what it is for (a queue and
the number of its block, a unit and a week); what happens to one person or referral is drawn for
its number alone. A longer demo therefore repeats a shorter one night by night, as a warehouse
does, and a change in one part leaves the others as they were.
"""

import zlib
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def generator(seed: int, *names: object) -> np.random.Generator:
    """The generator that belongs to these names, the same for the same seed and names."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng([seed, *words])


def uniform(seed: int, purpose: str, numbers: Ints) -> Floats:
    """One number in (0, 1) for each number and purpose, whoever else is asked for.

    Args:
        seed: The demo's seed.
        purpose: What they are for; another purpose gives others.
        numbers: Whose: people, referrals or days by number.
    """
    start = int.from_bytes(blake2b(f"{seed}/{purpose}".encode(), digest_size=8).digest(), "little")
    # SplitMix64: the n-th state is the start and n steps; the rest scrambles its bits.
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normal(seed: int, purpose: str, numbers: Ints) -> Floats:
    """One standard normal number for each number and purpose, as `uniform`."""
    drawn: Floats = ndtri(uniform(seed, purpose, numbers))
    return drawn


def pick(uniform: Floats, weights: Floats | list[float]) -> Ints:
    """Index of the weight that each uniform number falls on.

    Args:
        uniform: Numbers in [0, 1).
        weights: Relative weights; they need not sum to 1.
    """
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], uniform, side="right").astype(np.int64)
