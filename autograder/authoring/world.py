"""A world: every input of a case, from one seed.

The same seed gives the same inputs in the sandbox, where the probe runs, and in the grader, where a check may need the
inputs again. A world has no state but its generator: the same calls in the same order give the same values.

NumPy does not promise that its streams stay as they are from version to version (NEP 19). So a world keeps a short
digest of each of its first draws: where they differ from those of the recording, the inputs are others, and no answer
is wrong.
Not covered: draws from `world.rng` itself, and PyTorch's streams.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
Shape = tuple[int, ...]
Floats = np.ndarray[Any, np.dtype[np.float64]]
MOST_DRAWS, MOST_VALUES = 32, 64
Integers = np.ndarray[Any, np.dtype[np.int64]]


class World:
    """Seeded inputs. Arrays are float64 or int64; a shape of `()` gives a Python number.

    >>> World(7).integers(10, (3,)).tolist() == World(7).integers(10, (3,)).tolist()
    True
    """

    def __init__(self, seed: int, draws: list[str] | None = None) -> None:
        """
        Args:
            draws: where the digests of draws are kept; forks share the list of their world.
        """
        self.seed = seed
        self.draws: list[str] = [] if draws is None else draws
        self.rng = np.random.Generator(np.random.PCG64(seed))

    def normal(self, shape: Shape = (), mean: float = 0.0, scale: float = 1.0) -> Any:
        """Gaussian float64 values.

        >>> World(7).normal((2, 3)).shape
        (2, 3)
        """
        return self._number(mean + scale * self.rng.standard_normal(shape))

    def uniform(self, low: float = 0.0, high: float = 1.0, shape: Shape = ()) -> Any:
        """float64 values in [low, high).

        >>> 0.0 <= World(7).uniform() < 1.0
        True
        """
        return self._number(self.rng.uniform(low, high, shape))

    def integers(self, low: int, shape: Shape = (), high: int | None = None) -> Any:
        """int64 values in [0, low), or in [low, high) when `high` is given.

        >>> set(World(7).integers(5, (100,), high=7).tolist()) == {5, 6}
        True
        """
        bounds = (0, low) if high is None else (low, high)
        return self._number(self.rng.integers(*bounds, size=shape))

    def permutation(self, n: int) -> Integers:
        """A permutation of 0 … n−1.

        >>> sorted(World(7).permutation(4).tolist())
        [0, 1, 2, 3]
        """
        order = self.rng.permutation(n)
        self._noted(order)
        return order

    def choice(self, items: Sequence[T]) -> T:
        """One of `items`.

        >>> World(7).choice(["relu", "tanh"]) in ("relu", "tanh")
        True
        """
        return items[int(self._noted(self.rng.integers(len(items))))]

    def sample(self, items: Sequence[T], k: int) -> list[T]:
        """`k` different ones of `items`, in random order.

        >>> len(set(World(7).sample("abcdef", 3)))
        3
        """
        return [items[int(i)] for i in self._noted(self.rng.permutation(len(items)))[:k]]

    def fraction(self, low: int = -5, high: int = 5, denominator: int = 7) -> Fraction:
        """A rational number in [low, high] with a denominator of at most `denominator`, never 0.

        >>> World(7).fraction().denominator <= 7
        True
        """
        while True:
            bottom = int(self.rng.integers(1, denominator + 1))
            top = int(self.rng.integers(low * bottom, high * bottom + 1))
            if top:
                self._noted((top, bottom))
                return Fraction(top, bottom)

    def fractions(self, shape: Shape, low: int = -5, high: int = 5, denominator: int = 7) -> Any:
        """Nested lists of `fraction`s, for exact linear algebra.

        >>> [len(row) for row in World(7).fractions((2, 3))]
        [3, 3]
        """
        if not shape:
            return self.fraction(low, high, denominator)
        return [self.fractions(shape[1:], low, high, denominator) for _ in range(shape[0])]

    def away_from_zero(self, shape: Shape = (), gap: float = 1e-2, scale: float = 1.0) -> Any:
        """Gaussian values with |x| ≥ gap: for functions with a kink at 0.

        >>> bool((abs(World(7).away_from_zero((100,), gap=0.1)) >= 0.1).all())
        True
        """
        values = scale * self.rng.standard_normal(shape)
        return self._number(np.where(np.abs(values) < gap, np.copysign(gap + np.abs(values), values), values))

    def torch_seed(self) -> int:
        """A seed for torch, below 2**31.

        >>> World(7).torch_seed() == World(7).torch_seed()
        True
        """
        return int(self._noted(self.rng.integers(2**31)))

    def torch_generator(self) -> torch.Generator:
        """A CPU torch generator, seeded from this world.

        >>> World(7).torch_generator().device.type
        'cpu'
        """
        import torch

        return torch.Generator().manual_seed(self.torch_seed())

    def fork(self, label: str) -> World:
        """An independent world, named: its values do not depend on what was drawn before.

        >>> World(7).fork("weights").normal() == World(7).fork("weights").normal()
        True
        """
        return World(seed_from(self.seed, label), self.draws)

    def _noted(self, values: Any) -> Any:
        """The values, a digest of their beginning kept; floats as float32, since processors differ in the last bit."""
        if len(self.draws) < MOST_DRAWS:
            array = np.asarray(values).reshape(-1)[:MOST_VALUES]
            data = array.astype(np.float32) if array.dtype.kind == "f" else array
            self.draws.append(f"{zlib.crc32(data.tobytes()):08x}")
        return values

    def _number(self, values: Any) -> Any:
        self._noted(values)
        return values.item() if getattr(values, "shape", ()) == () and hasattr(values, "item") else values


def seed_from(*parts: object) -> int:
    """A 63-bit seed from any printable parts; the same on every machine."""
    text = "\x1f".join(str(p) for p in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def stream_digest() -> str:
    """A digest of one draw of every kind: another one means that this NumPy draws other inputs from the same seeds."""
    world = World(1)
    for draw in (world.normal, world.uniform, world.away_from_zero):
        draw(shape=(5,))
    world.integers(1000, (5,))
    world.permutation(9)
    world.choice(range(1000))
    world.sample(range(99), 5)
    world.fraction()
    world.torch_seed()
    return hashlib.sha256(" ".join(world.draws).encode()).hexdigest()[:16]
