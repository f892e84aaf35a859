"""State of a run: tensors in memory shared by the processes, and the checkpoint file."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import torch

from model import ModelConfig, Params, Spec, model_specs, moe_layers

PROCESSES = 2


def views(flat: torch.Tensor, specs: dict[str, Spec]) -> Params:
    """Named views of one flat tensor."""
    result, at = {}, 0
    for name, spec in specs.items():
        n = math.prod(spec.shape)
        result[name] = flat[at : at + n].view(spec.shape)
        at += n
    return result


class Shared:
    """Flat tensors of all parameters and small tables of results, one row for each process."""

    def __init__(self, cfg: ModelConfig, tasks: int, eval_files: int):
        size = sum(math.prod(s.shape) for s in model_specs(cfg).values())
        layers = cfg.num_hidden_layers + cfg.num_nextn_predict_layers

        def zeros(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
            return torch.zeros(*shape, dtype=dtype).share_memory_()

        self.master, self.work, self.first, self.second = (zeros(size) for _ in range(4))
        self.grads = [zeros(size) for _ in range(PROCESSES)]
        self.bias = zeros(layers, cfg.n_routed_experts)
        self.load = zeros(PROCESSES, layers, cfg.n_routed_experts)
        self.losses = zeros(PROCESSES, tasks, 2, dtype=torch.float64)
        """Sum of losses and number of targets of each task."""
        self.mtp = zeros(PROCESSES, 2)
        """Right guesses of the MTP layer and number of guesses."""
        self.evals = zeros(PROCESSES, eval_files, 2)
        """Right answers and number of rows."""
        self.progress = zeros(1, dtype=torch.float64)
        self.wants_eval = zeros(1, dtype=torch.bool)

    def biases(self, cfg: ModelConfig) -> dict[int, torch.Tensor]:
        return {i: self.bias[i] for i in moe_layers(cfg)}


@dataclasses.dataclass
class Progress:
    """Where a run stands."""

    start: float
    deadline: float
    step: int = 0
    seen: int = 0


def save(path: Path, cfg: ModelConfig, shared: Shared, progress: Progress) -> None:
    """Writes the checkpoint; an older one is replaced only when the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = {
        "config": dataclasses.asdict(cfg),
        "params": {n: t.clone() for n, t in views(shared.master, model_specs(cfg)).items()},
        "bias": {i: t.clone() for i, t in shared.biases(cfg).items()},
        "first": shared.first.clone(),
        "second": shared.second.clone(),
        **dataclasses.asdict(progress),
    }
    partial = path.with_suffix(".partial")
    torch.save(saved, partial)
    partial.replace(path)


def restore(saved: dict, cfg: ModelConfig, shared: Shared) -> None:
    """Fills shared memory from a checkpoint."""
    for name, view in views(shared.master, model_specs(cfg)).items():
        view.copy_(saved["params"][name])
    shared.first.copy_(saved["first"])
    shared.second.copy_(saved["second"])
    for layer, bias in saved["bias"].items():
        shared.bias[layer] = bias
