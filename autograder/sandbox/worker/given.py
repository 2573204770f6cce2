"""What a milestone's probe gets in place of a world: data that the grader made, and weights that it has read.

No seed, no generator and no answer is among it. `load` and `weights_of` are the grader's own reading and writing of a
model's parameters: by name and shape, float32, one for one; buffers are the model's own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

MOST_NAMED = 4
COMPILED = "_orig_mod."
"""What torch.compile puts before the names of the model inside."""


class WrongWeights(ValueError):
    """Weights that are not those of the model; the text is a sentence for a student."""


class Given:
    """`given.NAME` is the value of that name.

    Args:
        values: by name.
        weights: name → float32 array; None where nothing was trained yet.
    """

    def __init__(self, values: Mapping[str, Any], weights: Mapping[str, np.ndarray[Any, Any]] | None = None) -> None:
        self.__dict__.update(values)
        self._weights = weights

    def load(self, model: Any) -> Any:
        """The model with the weights in the places of its parameters.

        Raises:
            WrongWeights: a name or a shape is another; says which.
        """
        import torch

        if self._weights is None:
            raise WrongWeights("nothing has been trained yet: there are no weights to load")
        own = _parameters(model)
        _refuse_differences(own, self._weights)
        with torch.no_grad():
            for name, parameter in own.items():
                parameter.copy_(torch.from_numpy(np.array(self._weights[name])))
        return model

    def weights_of(self, model: Any) -> dict[str, np.ndarray[Any, Any]]:
        """Name → float32 array of every parameter, one that two modules share once.

        Raises:
            WrongWeights: what was built has no parameters.
        """
        return {name: p.detach().cpu().float().numpy().copy() for name, p in _parameters(model).items()}


def _parameters(model: Any) -> dict[str, Any]:
    import torch

    if not isinstance(model, torch.nn.Module):
        raise WrongWeights(f"`build` must return a torch.nn.Module, not a {type(model).__name__}")
    found = {name.replace(COMPILED, ""): p for name, p in model.named_parameters()}
    if not found:
        raise WrongWeights("the model that `build` returns has no parameters (nn.Parameter, or layers of torch.nn)")
    return found


def _refuse_differences(own: Mapping[str, Any], weights: Mapping[str, np.ndarray[Any, Any]]) -> None:
    missing, extra = sorted(set(own) - set(weights)), sorted(set(weights) - set(own))
    if missing or extra:
        parts = [f"without {_some(missing)}"] if missing else []
        parts += [f"with {_some(extra)}, which the model does not have"] if extra else []
        raise WrongWeights(
            f"the weights do not fit the model that `build` returns: they come {' and '.join(parts)}; "
            "save the named_parameters() of the same code that you hand in"
        )
    for name, parameter in own.items():
        if tuple(parameter.shape) != weights[name].shape:
            raise WrongWeights(
                f"the weights do not fit the model that `build` returns: `{name}` is {weights[name].shape} in the file "
                f"and {tuple(parameter.shape)} in the model"
            )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"`{n}`" for n in names[:MOST_NAMED]) + more
