"""Muon for matrices and AdamW for the rest, over tensors in shared memory.

The tensors are divided between the processes: each updates its own part from the gradients of all
processes, and the results are visible to all.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from fp8 import fake_quantize
from model import Spec

# Coefficients of the Polar Express iteration (arXiv 2505.16932), one row a step.
POLAR = [
    (8.28721201814563, -23.595886519098837, 17.300387312530933),
    (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
    (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
    (3.3184196573706015, -2.488488024314874, 0.51004894012372),
]


def orthogonalize(g: torch.Tensor) -> torch.Tensor:
    """Nearest (about) semi-orthogonal matrices; g [N,R,C]."""
    wide = g.shape[1] <= g.shape[2]
    x = g if wide else g.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) * 1.01 + 1e-7)
    for a, b, c in POLAR:
        gram = torch.bmm(x, x.transpose(1, 2))
        poly = torch.baddbmm(gram, gram, gram, beta=b, alpha=c)
        x = torch.baddbmm(x, poly, x, beta=a)
    return x if wide else x.transpose(1, 2)


def cost(spec: Spec) -> float:
    """About the time of one update, to divide the tensors fairly."""
    if spec.kind not in ("matrix", "plain_matrix"):
        return 0.05 * torch.Size(spec.shape).numel()
    rows, cols = spec.shape[-2] // spec.split, spec.shape[-1]
    return torch.Size(spec.shape).numel() * (0.1 + min(rows, cols) / 128)


def assign(specs: dict[str, Spec], processes: int) -> list[list[str]]:
    """Divides the tensors between processes by cost."""
    loads, parts = [0.0] * processes, [[] for _ in range(processes)]
    for name in sorted(specs, key=lambda n: -cost(specs[n])):
        i = loads.index(min(loads))
        parts[i].append(name)
        loads[i] += cost(specs[name])
    return parts


def checkpoint_values(spec: Spec, w: torch.Tensor) -> torch.Tensor:
    """What the checkpoint will hold for w, as float32: FP8 or BF16 values."""
    return fake_quantize(w) if spec.kind == "matrix" else w.bfloat16().float()


class Optimizer:
    """Updates the tensors `names`; all arguments are dictionaries by tensor name."""

    def __init__(self, specs, names, master, work, grads, first, second, muon_lr=0.008, adam_lr=3e-3):
        self.specs, self.names = specs, names
        self.master, self.work, self.grads = master, work, grads
        self.first, self.second = first, second
        self.muon_lr, self.adam_lr = muon_lr, adam_lr
        self.momentum, self.decay = 0.95, 0.02
        self.beta1, self.beta2, self.eps = 0.9, 0.97, 1e-8

    @torch.no_grad()
    def step(self, factor: float, count: Callable[[str], int], rounded: bool) -> None:
        """One update with learning rates times `factor`.

        `count(name)` is the number of updates of a tensor, this one included; 0 leaves it alone. With
        `rounded` the working copy gets the values of the checkpoint instead of the master's.
        """
        for name in self.names:
            n = count(name)
            if n:
                self.update(name, factor, n)
            master = self.master[name]
            self.work[name].copy_(checkpoint_values(self.specs[name], master) if rounded else master)

    def update(self, name: str, factor: float, count: int) -> None:
        spec, w, m = self.specs[name], self.master[name], self.first[name]
        grad = sum(g[name] for g in self.grads)
        if spec.kind in ("matrix", "plain_matrix"):
            m.mul_(self.momentum).add_(grad)
            look = grad.add_(m, alpha=self.momentum)
            cols = spec.shape[-1]
            stacked = look.view(-1, spec.shape[-2] // spec.split, cols)
            update = orthogonalize(stacked).reshape(spec.shape)
            scale = max(1.0, stacked.shape[1] / cols) ** 0.5
            lr = self.muon_lr * factor
            w.mul_(1 - lr * self.decay).add_(update, alpha=-lr * scale)
            return
        v = self.second[name]
        m.lerp_(grad, 1 - self.beta1)
        v.mul_(self.beta2).addcmul_(grad, grad, value=1 - self.beta2)
        denominator = (v / (1 - self.beta2**count)).sqrt_().add_(self.eps)
        w.addcdiv_(m, denominator, value=-self.adam_lr * factor / (1 - self.beta1**count))
