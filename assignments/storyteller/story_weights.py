"""The file of weights: float32 tensors under their parameters' names, in the safetensors format and nothing else.

    story_weights.save(model)                     writes weights.safetensors (or story_weights.LARGE, of the large world)
    story_weights.load(build(vocabulary))         fills a new model from it

`named_parameters()` is written once each: no buffers (masks, running means), no second name of a tied weight, no prefix
that torch.compile puts before names. Weights are never pickled: a pickle can run programs when it is opened.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import torch

FILE, LARGE = "weights.safetensors", "large.safetensors"
ALIGNMENT = 8


class BadWeights(ValueError):
    """Weights that cannot be handed in; the text says why and what to do."""


def parameters_of(model: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """Name → parameter, once each, without `_orig_mod.`.

    Raises:
        BadWeights: it is no module, or has no parameters.
    """
    if not isinstance(model, torch.nn.Module):
        raise BadWeights(f"`build` must return a torch.nn.Module, not a {type(model).__name__}")
    found = {name.replace("_orig_mod.", ""): p for name, p in model.named_parameters()}
    if not found:
        raise BadWeights("the model has no parameters: modules in plain lists or dicts are not seen; use nn.ModuleList")
    return found


def count(model: torch.nn.Module) -> int:
    """How many numbers are trained; a tied weight counts once."""
    return sum(p.numel() for p in parameters_of(model).values())


def save(model: torch.nn.Module, path: str | Path = FILE) -> str:
    """Write the weights of `model`; the file's sha256.

    Raises:
        BadWeights: a number is NaN or infinite, or there is nothing to save.
    """
    arrays = {name: p.detach().cpu().float().numpy() for name, p in parameters_of(model).items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise BadWeights(
                f"`{name}` has NaN or infinite numbers: training diverged. Look at the loss, lower the learning rate, "
                "clip the gradient"
            )
    data = _bytes_of(arrays)
    Path(path).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _bytes_of(arrays: dict[str, np.ndarray[Any, Any]]) -> bytes:
    head: dict[str, dict[str, Any]] = {}
    at = 0
    for name in sorted(arrays):
        shape, size = list(arrays[name].shape), 4 * arrays[name].size
        head[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return struct.pack("<Q", len(text)) + text + b"".join(arrays[n].astype("<f4").tobytes() for n in head)


def read(path: str | Path = FILE) -> dict[str, np.ndarray[Any, Any]]:
    """Name → float32 array.

    Raises:
        BadWeights: the file is missing, or no file of weights.
    """
    try:
        data = Path(path).read_bytes()
    except OSError:
        raise BadWeights(f"there is no {path}: train, then `story_weights.save(model)`") from None
    if data[:4] == b"PK\x03\x04" or data[:1] == b"\x80":
        raise BadWeights(f"{path} was written by torch.save; pickles are not accepted: `story_weights.save(model)`")
    try:
        (length,) = struct.unpack("<Q", data[:8])
        head = json.loads(data[8 : 8 + length])
        return {name: _array(data, 8 + length, entry) for name, entry in head.items()}
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        raise BadWeights(f"{path} is no file of weights: write it with `story_weights.save(model)`") from None


def _array(data: bytes, start: int, entry: dict[str, Any]) -> np.ndarray[Any, Any]:
    shape = tuple(entry["shape"])
    if entry["dtype"] != "F32":
        raise ValueError(entry["dtype"])
    return np.frombuffer(data, "<f4", math.prod(shape), start + entry["data_offsets"][0]).reshape(shape)


def load(model: torch.nn.Module, path: str | Path = FILE) -> torch.nn.Module:
    """Fill `model` in place, as the grader does: every name and shape must fit; returns the model.

    Raises:
        BadWeights: names what is missing, what is too much, or which shape differs.
    """
    held, wanted = read(path), parameters_of(model)
    if missing := sorted(set(wanted) - set(held)):
        raise BadWeights(f"{path} lacks {_some(missing)}, which the model that `build` makes has: was it trained before "
                         "you changed the model?")  # fmt: skip
    if extra := sorted(set(held) - set(wanted)):
        raise BadWeights(f"{path} has {_some(extra)}, which the model that `build` makes has not (buffers and second names "
                         "of tied weights are not saved)")  # fmt: skip
    with torch.no_grad():
        for name, parameter in wanted.items():
            if tuple(parameter.shape) != held[name].shape:
                raise BadWeights(f"`{name}` has the shape {held[name].shape} in {path}, {tuple(parameter.shape)} in the "
                                 "model that `build` makes")  # fmt: skip
            parameter.copy_(torch.from_numpy(held[name].copy()))
    return model


def _some(names: list[str]) -> str:
    return ", ".join(f"`{n}`" for n in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
