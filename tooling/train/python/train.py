"""Trains octo-tiny with two processes of one thread each.

    python train.py --until 14:30              # UTC; or --minutes 90
    python train.py --until 14:30 --resume     # goes on from the last checkpoint

Everything that is scheduled (curriculum, learning rate, FP8 rounding) follows the share of wall-clock
time that has passed, so a busy machine costs steps but never the end of the schedule.
"""

from __future__ import annotations

import os

# Set before torch loads: keep freed memory instead of giving it back to the system after each step.
os.environ.setdefault("MALLOC_MMAP_MAX_", "0")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "17179869184")
os.environ.setdefault("MALLOC_TOP_PAD_", "268435456")

import argparse
import dataclasses
import datetime
import json
import math
import time
import traceback
from pathlib import Path

import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

from evaluate import load_rows, teacher_forced
from export import verify, write_model
from fp8 import fake_quantize
from model import (
    ModelConfig,
    Params,
    Spec,
    hidden_states,
    init_params,
    make_context,
    model_specs,
    moe_layers,
    mtp_states,
)
from optimizer import Optimizer, assign
from paths import DATA, LOG, MODEL, RUN, TOKENIZER, TOKENS
from sampler import Sampler

PROCESSES = 2
COPY_PHASE = 0.15
"""Share of the time that holds much copying."""
FLAT_UNTIL, LAST_FACTOR, WARM_UP = 0.30, 0.02, 40
ROUNDED_FROM = 0.82
"""Share of the time after which weights are rounded to FP8 and BF16 in the forward pass."""
BIAS_SPEED = 0.005
"""Change of the routing bias a step, times the learning-rate factor."""


def factor_at(progress: float, step: int) -> float:
    """Learning-rate factor: warm-up, flat, then linear decay."""
    decay = 1.0
    if progress > FLAT_UNTIL:
        decay = 1 - (1 - LAST_FACTOR) * min(1.0, (progress - FLAT_UNTIL) / (1 - FLAT_UNTIL))
    return min(1.0, (step + 1) / WARM_UP) * decay


def deadline_of(args: argparse.Namespace, now: float) -> float:
    """Deadline in seconds since the epoch."""
    if args.minutes is not None:
        return now + 60 * args.minutes
    hours, minutes = map(int, args.until.split(":"))
    today = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    return today.replace(hour=hours, minute=minutes, second=0, microsecond=0).timestamp()


def views(flat: torch.Tensor, specs: dict[str, Spec]) -> Params:
    """Named views of one flat tensor."""
    result, at = {}, 0
    for name, spec in specs.items():
        n = math.prod(spec.shape)
        result[name] = flat[at : at + n].view(spec.shape)
        at += n
    return result


class Shared:
    """State in memory shared by the processes: flat tensors of all parameters, and small vectors."""

    def __init__(self, cfg: ModelConfig):
        specs = model_specs(cfg)
        size = sum(math.prod(s.shape) for s in specs.values())
        layers = cfg.num_hidden_layers + cfg.num_nextn_predict_layers

        def zeros(*shape: int) -> torch.Tensor:
            return torch.zeros(*shape).share_memory_()

        self.master, self.work, self.first, self.second = (zeros(size) for _ in range(4))
        self.grads = [zeros(size) for _ in range(PROCESSES)]
        self.bias = zeros(layers, cfg.n_routed_experts)
        self.load = zeros(PROCESSES, layers, cfg.n_routed_experts)
        self.progress = zeros(1).double().share_memory_()
        self.loss_sum = torch.zeros(PROCESSES, 64, 2, dtype=torch.float64).share_memory_()
        self.mtp_sum = zeros(PROCESSES, 2)
        self.eval_sum = zeros(PROCESSES, 256, 2)


@dataclasses.dataclass
class Settings:
    """What a training process has to know."""

    start: float
    deadline: float
    batch_tokens: int
    max_length: int
    mtp_every: int
    data: Path
    tokens: Path
    tokenizer: Path
    run: Path
    model: Path
    log: Path
    save_minutes: float
    export_minutes: float
    eval_minutes: float
    eval_rows: int
    step: int = 0
    seen: int = 0
    updates: dict[str, int] = dataclasses.field(default_factory=dict)


def train_step(cfg, sampler, pair, rank, work, shared, with_mtp):
    """Forward and backward of this process's half; leaves gradients in shared memory.

    Returns (tokens of both halves)."""
    ids, flag, tasks = sampler.tensors(pair[rank])
    b, s = ids.shape
    # Position i predicts token i+1 (trunk) and token i+2 (MTP).
    target = flag.clone()
    target[:, 0] = False
    where = target.nonzero()
    rows = where[:, 0] * s + where[:, 1] - 1
    labels = ids.view(-1)[rows + 1]
    ctx = make_context(cfg, {i: shared.bias[i] for i in moe_layers(cfg)}, s)
    if with_mtp:
        states = hidden_states(cfg, work, ids, ctx)
        chosen = states.view(b * s, -1).index_select(0, rows)
    else:
        chosen = hidden_states(cfg, work, ids, ctx, rows)
    losses = F.cross_entropy(F.linear(chosen, work["head"]), labels, reduction="none")
    total = sum(sampler.targets(half, 1) for half in pair)
    loss = losses.sum() / total
    if with_mtp:
        where = where[where[:, 1] >= 2]
        mtp_rows = where[:, 0] * s + where[:, 1] - 2
        mtp_total = sum(sampler.targets(half, 2) for half in pair)
        out = mtp_states(cfg, work, ids, states.detach(), ctx, mtp_rows)
        logits = F.linear(out, work["head"].detach())
        labels2 = ids.view(-1)[mtp_rows + 2]
        loss = loss + F.cross_entropy(logits, labels2, reduction="sum") / mtp_total
        hits = (logits.detach().argmax(-1) == labels2).sum()
        shared.mtp_sum[rank] += torch.stack([hits.float(), torch.tensor(float(len(labels2)))])
    loss.backward()
    task_of = tasks[torch.div(rows, s, rounding_mode="floor")]
    sums = shared.loss_sum[rank]
    sums[:, 0].index_add_(0, task_of, losses.detach().double())
    sums[:, 1].index_add_(0, task_of, torch.ones(len(rows), dtype=torch.float64))
    for layer, load in ctx.load.items():
        shared.load[rank, layer] += load
    return sum(int(sampler.documents[t].length[d]) for half in pair for t, d in half)


def update_bias(cfg: ModelConfig, shared: Shared, factor: float) -> None:
    """Raises the bias of experts that got less than the mean load and lowers the others'."""
    for layer in moe_layers(cfg):
        load = shared.load[:, layer].sum(0)
        if load.sum() > 0:
            shared.bias[layer] += BIAS_SPEED * factor * torch.sign(load.mean() - load)


def save(cfg, specs, shared, settings, step, seen, updates) -> None:
    """Writes the checkpoint; the file is replaced only when complete."""
    settings.run.mkdir(parents=True, exist_ok=True)
    bias = {i: shared.bias[i].clone() for i in moe_layers(cfg)}
    master = views(shared.master, specs)
    saved = {
        "config": dataclasses.asdict(cfg),
        "params": {n: t.clone() for n, t in master.items()},
        "bias": bias,
        "first": shared.first.clone(),
        "second": shared.second.clone(),
        "step": step,
        "seen": seen,
        "start": settings.start,
        "deadline": settings.deadline,
        "updates": updates,
    }
    partial = settings.run / "checkpoint.partial"
    torch.save(saved, partial)
    partial.replace(settings.run / "checkpoint.pt")


def worker(rank: int, cfg: ModelConfig, shared: Shared, barrier, settings: Settings) -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    specs = model_specs(cfg)
    work = views(shared.work, specs)
    grads = [views(flat, specs) for flat in shared.grads]
    for name, tensor in work.items():
        work[name] = tensor.detach().requires_grad_()
        work[name].grad = grads[rank][name]
    names = assign(specs, PROCESSES)[rank]
    optimizer = Optimizer(
        specs,
        names,
        views(shared.master, specs),
        {n: t.detach() for n, t in work.items()},
        grads,
        views(shared.first, specs),
        views(shared.second, specs),
    )
    sampler = Sampler(
        settings.tokens, settings.data / "mix.json", settings.batch_tokens, settings.max_length, 17 + settings.step
    )
    rows = load_rows(settings.data / "eval", settings.tokenizer / "tokenizer.json", settings.eval_rows, settings.max_length)
    mtp_prefix = f"layers.{cfg.num_hidden_layers}."
    step, seen, updates = settings.step, settings.seen, dict(settings.updates)
    now = time.time()
    last = {"log": now, "save": now, "export": now - 60 * settings.export_minutes + 120, "eval": now}
    logged_seen, window = seen, torch.zeros(64, 2, dtype=torch.float64)
    load_window = torch.zeros_like(shared.load[0])
    pairs: list = []

    def note(text: str) -> None:
        if rank == 0:
            with settings.log.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    note(f"start at step {step}, {seen / 1e6:.2f} M tokens, {(settings.deadline - now) / 60:.1f} minutes left")
    while True:
        if rank == 0:
            shared.progress[0] = (time.time() - settings.start) / (settings.deadline - settings.start)
        shared.loss_sum[rank].zero_()
        shared.load[rank].zero_()
        shared.grads[rank].zero_()
        barrier.wait()
        progress = float(shared.progress[0])
        if progress >= 1:
            break
        factor = factor_at(progress, step)
        rounded = progress >= ROUNDED_FROM
        if not pairs:
            pairs = sampler.pairs(progress < COPY_PHASE)
        with_mtp = cfg.num_nextn_predict_layers > 0 and step % settings.mtp_every == 0
        seen += train_step(cfg, sampler, pairs.pop(), rank, work, shared, with_mtp)
        barrier.wait()
        optimizer.step(factor, lambda n: n.startswith(mtp_prefix) and not with_mtp, updates, rounded)
        step += 1
        if rank == 0:
            update_bias(cfg, shared, factor)
            window += shared.loss_sum.sum(0)
            load_window += shared.load.sum(0)
            if not torch.isfinite(window).all():
                note(f"loss is not finite at step {step}")
                os._exit(1)
        barrier.wait()

        if rank == 0 and time.time() - last["log"] >= 30:
            now = time.time()
            rate = (seen - logged_seen) / (now - last["log"])
            share = load_window / load_window.sum(-1, keepdim=True).clamp_min(1)
            mtp = shared.mtp_sum.sum(0)
            losses = " ".join(
                f"{t}={window[i, 0] / window[i, 1]:.3f}" for i, t in enumerate(sampler.tasks) if window[i, 1] > 0
            )
            note(
                f"step {step} tokens {seen / 1e6:.2f}M {rate:.0f}/s left {(settings.deadline - now) / 60:.1f}min "
                f"lr {factor:.3f}{' rounded' if rounded else ''} loss {window[:, 0].sum() / window[:, 1].sum():.4f} "
                f"mtp {mtp[0] / mtp[1].clamp_min(1):.3f} load {share.max():.2f} | {losses}"
            )
            shared.mtp_sum.zero_()
            window.zero_()
            load_window.zero_()
            last["log"], logged_seen = now, seen
        # Rank 0 decides; both processes act in the same step.
        if rank == 0:
            elapsed = {k: (time.time() - last[k]) / 60 for k in last}
            shared.progress[0] = float(elapsed["eval"] >= settings.eval_minutes)
            if elapsed["save"] >= settings.save_minutes:
                save(cfg, specs, shared, settings, step, seen, updates_of(shared, updates, step))
                last["save"] = time.time()
            if elapsed["export"] >= settings.export_minutes:
                last["export"] = time.time()
                export_now(cfg, specs, shared, settings, note, step)
        barrier.wait()
        if shared.progress[0] > 0:
            bias = {i: shared.bias[i] for i in moe_layers(cfg)}
            mine = {name: r[rank::PROCESSES] for name, r in rows.items()}
            shared.eval_sum[rank].zero_()
            for i, (right, n) in enumerate(teacher_forced(cfg, work, bias, mine).values()):
                shared.eval_sum[rank, i] = torch.tensor([right, n], dtype=torch.float32)
            barrier.wait()
            total = shared.eval_sum.sum(0)
            text = " ".join(f"{name}={100 * total[i, 0] / total[i, 1]:.0f}" for i, name in enumerate(rows) if total[i, 1])
            note(f"eval at {seen / 1e6:.2f}M: {text}")
            last["eval"] = time.time()
        barrier.wait()
    if rank == 0:
        save(cfg, specs, shared, settings, step, seen, updates_of(shared, updates, step))
        export_now(cfg, specs, shared, settings, note, step)
        note(f"end at step {step}, {seen / 1e6:.2f} M tokens")


def updates_of(shared: Shared, updates: dict[str, int], step: int) -> dict[str, int]:
    """Update counts for the checkpoint; a count too large only ends Adam's bias correction."""
    return {name: step for name in updates} | {"*": step}


def export_now(cfg, specs, shared, settings, note, step) -> None:
    """Writes the model folder; a failure is logged and does not end the training."""
    try:
        params = {n: t.clone() for n, t in views(shared.master, specs).items()}
        bias = {i: shared.bias[i].clone() for i in moe_layers(cfg)}
        size = write_model(cfg, params, bias, settings.model, settings.tokenizer)
        verify(cfg, params, settings.model)
        note(f"exported step {step}: {size / 1e6:.2f} MB")
    except Exception:
        note(traceback.format_exc())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    limit = parser.add_mutually_exclusive_group(required=True)
    limit.add_argument("--minutes", type=float)
    limit.add_argument("--until", help="HH:MM, UTC")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--layers", type=int, default=ModelConfig.num_hidden_layers)
    parser.add_argument("--batch-tokens", type=int, default=4608, help="of one process")
    parser.add_argument("--max-length", type=int, default=1024)
    parser.add_argument("--mtp-every", type=int, default=4)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--tokens", type=Path, default=TOKENS)
    parser.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    parser.add_argument("--run", type=Path, default=RUN)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--log", type=Path, default=LOG)
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--export-minutes", type=float, default=15)
    parser.add_argument("--eval-minutes", type=float, default=10)
    parser.add_argument("--eval-rows", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    now = time.time()
    deadline = deadline_of(args, now)
    saved = torch.load(args.run / "checkpoint.pt", weights_only=True) if args.resume else None
    cfg = ModelConfig(**saved["config"]) if saved else ModelConfig(num_hidden_layers=args.layers)
    specs = model_specs(cfg)
    shared = Shared(cfg)
    params = saved["params"] if saved else init_params(cfg, args.seed)
    for name, view in views(shared.master, specs).items():
        view.copy_(params[name])
    if saved:
        shared.first.copy_(saved["first"])
        shared.second.copy_(saved["second"])
        for layer, bias in saved["bias"].items():
            shared.bias[layer] = bias
    start = saved["start"] if saved else now
    rounded = (now - start) / (deadline - start) >= ROUNDED_FROM
    for name, view in views(shared.work, specs).items():
        master = views(shared.master, specs)[name]
        if rounded:
            view.copy_(fake_quantize(master) if specs[name].kind == "matrix" else master.bfloat16())
        else:
            view.copy_(master)
    settings = Settings(
        start=start,
        deadline=deadline,
        batch_tokens=args.batch_tokens,
        max_length=args.max_length,
        mtp_every=args.mtp_every,
        data=args.data,
        tokens=args.tokens,
        tokenizer=args.tokenizer,
        run=args.run,
        model=args.model,
        log=args.log,
        save_minutes=args.save_minutes,
        export_minutes=args.export_minutes,
        eval_minutes=args.eval_minutes,
        eval_rows=args.eval_rows,
        step=saved["step"] if saved else 0,
        seen=saved["seen"] if saved else 0,
        updates={n: saved["step"] for n in specs} if saved else {},
    )
    barrier = mp.get_context("spawn").Barrier(PROCESSES)
    mp.spawn(worker, (cfg, shared, barrier, settings), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
