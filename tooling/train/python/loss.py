"""Forward and backward of one process's half of a step."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from model import ModelConfig, Params, hidden_states, make_context, mtp_states
from sampler import Sampler
from state import Shared


# The first token of an answer decides what it is: a call or a refusal, which sum. It counts this many times.
FIRST_TOKEN_WEIGHT = 5.0


def targets_of(flag: torch.Tensor, ahead: int) -> torch.Tensor:
    """Flat indices [R] of the positions whose token `ahead` places later is a target; flag [B,S]."""
    shifted = torch.zeros_like(flag)
    shifted[:, :-ahead] = flag[:, ahead:]
    return shifted.flatten().nonzero().flatten()


def train_step(
    cfg: ModelConfig, sampler: Sampler, pair: tuple[list, list], rank: int, work: Params, shared: Shared, with_mtp: bool
) -> None:
    """Leaves gradients in `work[..].grad` and sums for the log in shared memory.

    Losses are divided by the targets of both halves, so that gradients only need to be added. The MTP
    layer learns from the trunk's states but sends no gradient into trunk, embedding or head.
    """
    ids, flag, tasks = sampler.tensors(pair[rank])
    b, s = ids.shape
    rows = targets_of(flag, 1)
    labels = ids.view(-1)[rows + 1]
    ctx = make_context(cfg, shared.biases(cfg), s)
    if with_mtp:
        states = hidden_states(cfg, work, ids, ctx)
        chosen = states.view(b * s, -1).index_select(0, rows)
    else:
        chosen = hidden_states(cfg, work, ids, ctx, rows)
    losses = F.cross_entropy(F.linear(chosen, work["head"]), labels, reduction="none")
    first = ~flag.view(-1)[rows].bool()
    weights = torch.where(first, FIRST_TOKEN_WEIGHT, 1.0)
    loss = (losses * weights).sum() / sum(sampler.targets(half, 1) for half in pair)
    if with_mtp:
        rows2 = targets_of(flag, 2)
        labels2 = ids.view(-1)[rows2 + 2]
        out = mtp_states(cfg, work, ids, states.detach(), ctx, rows2)
        logits = F.linear(out, work["head"].detach())
        total = sum(sampler.targets(half, 2) for half in pair)
        loss = loss + F.cross_entropy(logits, labels2, reduction="sum") / total
        hits = (logits.detach().argmax(-1) == labels2).sum()
        shared.mtp[rank] += torch.tensor([float(hits), float(len(labels2))])
    loss.backward()
    task_of = tasks[torch.div(rows, s, rounding_mode="floor")]
    shared.losses[rank, :, 0].index_add_(0, task_of, losses.detach().double())
    shared.losses[rank, :, 1] += torch.bincount(task_of, minlength=shared.losses.shape[1])
    for layer, load in ctx.load.items():
        shared.load[rank, layer] += load
