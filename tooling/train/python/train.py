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
import time
import traceback
from pathlib import Path

import torch
import torch.multiprocessing as mp

from evaluate import load_rows, teacher_forced
from export import verify, write_model
from loss import train_step
from model import ModelConfig, init_params, model_specs, moe_layers
from optimizer import Optimizer, assign, checkpoint_values
from paths import DATA, LOG, MODEL, RUN, TOKENIZER, TOKENS
from sampler import Sampler
from schedule import COPY_PHASE, ROUNDED_FROM, deadline_of, factor_at
from state import PROCESSES, Progress, Shared, restore, save, views

BIAS_SPEED = 0.005
"""Change of the routing bias a step, times the learning-rate factor."""
LOG_SECONDS = 30


class Worker:
    """One process. All processes take the same steps; rank 0 also logs, saves and exports."""

    def __init__(self, rank: int, cfg: ModelConfig, shared: Shared, barrier, args: argparse.Namespace, at: Progress):
        self.rank, self.cfg, self.shared, self.barrier, self.args, self.at = rank, cfg, shared, barrier, args, at
        self.specs = model_specs(cfg)
        grads = [views(flat, self.specs) for flat in shared.grads]
        plain = views(shared.work, self.specs)
        self.work = {name: tensor.detach().requires_grad_() for name, tensor in plain.items()}
        for name, tensor in self.work.items():
            tensor.grad = grads[rank][name]
        names = assign(self.specs, PROCESSES)[rank]
        kept = (views(flat, self.specs) for flat in (shared.master, shared.first, shared.second))
        master, first, second = kept
        self.optimizer = Optimizer(self.specs, names, master, plain, grads, first, second)
        mix = args.data / "mix.json"
        self.sampler = Sampler(args.tokens, mix, args.batch_tokens, args.max_length, args.seed + at.step)
        tokenizer = args.tokenizer / "tokenizer.json"
        self.rows = load_rows(args.data / "eval", tokenizer, args.eval_rows, args.max_length)
        self.pairs: list = []
        now = time.time()
        # The first export comes early: others may wait for the file layout.
        self.last = {"log": now, "save": now, "eval": now, "export": now - 60 * (args.export_minutes - 2)}
        self.logged = at.seen
        self.losses, self.load = torch.zeros_like(shared.losses[0]), torch.zeros_like(shared.load[0])

    def note(self, text: str) -> None:
        if self.rank == 0:
            with self.args.log.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    def run(self) -> None:
        left = (self.at.deadline - time.time()) / 60
        self.note(f"start at step {self.at.step}, {self.at.seen / 1e6:.2f} M tokens, {left:.1f} minutes left")
        while self.step():
            self.after_step()
        if self.rank == 0:
            save(self.args.run / "checkpoint.pt", self.cfg, self.shared, self.at)
            self.export()
            self.note(f"end at step {self.at.step}, {self.at.seen / 1e6:.2f} M tokens")

    def step(self) -> bool:
        """One training step; False when the time is over."""
        shared, at = self.shared, self.at
        if self.rank == 0:
            shared.progress[0] = (time.time() - at.start) / (at.deadline - at.start)
        for mine in (shared.losses, shared.load, shared.grads):
            mine[self.rank].zero_()
        self.barrier.wait()
        progress = float(shared.progress[0])
        if progress >= 1:
            return False
        if not self.pairs:
            self.pairs = self.sampler.pairs(progress < COPY_PHASE)
        pair = self.pairs.pop()
        every = self.args.mtp_every
        with_mtp = self.cfg.num_nextn_predict_layers > 0 and at.step % every == 0
        train_step(self.cfg, self.sampler, pair, self.rank, self.work, shared, with_mtp)
        self.barrier.wait()
        mtp_prefix = f"layers.{self.cfg.num_hidden_layers}."
        mtp_count = at.step // every + 1 if with_mtp else 0
        factor = factor_at(progress, at.step)
        self.optimizer.step(
            factor, lambda name: mtp_count if name.startswith(mtp_prefix) else at.step + 1, progress >= ROUNDED_FROM
        )
        at.step += 1
        at.seen += sum(self.sampler.tokens(half) for half in pair)
        if self.rank == 0:
            self.update_bias(factor)
            self.losses += shared.losses.sum(0)
            self.load += shared.load.sum(0)
            if not torch.isfinite(self.losses).all():
                self.note(f"loss is not finite at step {at.step}")
                os._exit(1)
        self.barrier.wait()
        return True

    def update_bias(self, factor: float) -> None:
        """Raises the bias of experts that got less than the mean load and lowers the others'."""
        for layer in moe_layers(self.cfg):
            load = self.shared.load[:, layer].sum(0)
            if load.sum() > 0:
                self.shared.bias[layer] += BIAS_SPEED * factor * torch.sign(load.mean() - load)

    def after_step(self) -> None:
        """Logs, saves, exports and evaluates when due."""
        if self.rank == 0:
            elapsed = {key: time.time() - then for key, then in self.last.items()}
            if elapsed["log"] >= LOG_SECONDS:
                self.log()
            if elapsed["save"] >= 60 * self.args.save_minutes:
                self.last["save"] = time.time()
                save(self.args.run / "checkpoint.pt", self.cfg, self.shared, self.at)
            if elapsed["export"] >= 60 * self.args.export_minutes:
                self.last["export"] = time.time()
                self.export()
            self.shared.wants_eval[0] = elapsed["eval"] >= 60 * self.args.eval_minutes
        self.barrier.wait()
        if self.shared.wants_eval[0]:
            self.evaluate()
        self.barrier.wait()

    def log(self) -> None:
        shared, at, now = self.shared, self.at, time.time()
        progress = float(shared.progress[0])
        rate = (at.seen - self.logged) / (now - self.last["log"])
        share = self.load / self.load.sum(-1, keepdim=True).clamp_min(1)
        mtp = shared.mtp.sum(0)
        tasks = [(t, *self.losses[i].tolist()) for i, t in enumerate(self.sampler.tasks)]
        each = " ".join(f"{t}={total / n:.3f}" for t, total, n in tasks if n)
        total = self.losses.sum(0)
        self.note(
            f"step {at.step} tokens {at.seen / 1e6:.2f}M {rate:.0f}/s left {(at.deadline - now) / 60:.1f}min "
            f"lr {factor_at(progress, at.step):.3f}{' rounded' if progress >= ROUNDED_FROM else ''} "
            f"loss {total[0] / total[1]:.4f} mtp {mtp[0] / mtp[1].clamp_min(1):.3f} load {share.max():.2f} | {each}"
        )
        for kept in (shared.mtp, self.losses, self.load):
            kept.zero_()
        self.last["log"], self.logged = now, at.seen

    def evaluate(self) -> None:
        """Teacher-forced accuracy; each process judges its share of the rows."""
        mine = {name: rows[self.rank :: PROCESSES] for name, rows in self.rows.items()}
        results = teacher_forced(self.cfg, self.work, self.shared.biases(self.cfg), mine)
        for i, counts in enumerate(results.values()):
            self.shared.evals[self.rank, i] = torch.tensor(counts, dtype=torch.float32)
        self.barrier.wait()
        totals = self.shared.evals.sum(0).tolist()
        text = " ".join(f"{name}={100 * right / n:.0f}" for name, (right, n) in zip(self.rows, totals) if n)
        self.note(f"eval at {self.at.seen / 1e6:.2f}M: {text}")
        self.last["eval"] = time.time()

    def export(self) -> None:
        """Writes the model folder; a failure is logged and does not end the training."""
        try:
            params = {n: t.clone() for n, t in views(self.shared.master, self.specs).items()}
            bias = {i: t.clone() for i, t in self.shared.biases(self.cfg).items()}
            size = write_model(self.cfg, params, bias, self.args.model, self.args.tokenizer)
            verify(self.cfg, params, self.args.model)
            self.note(f"exported step {self.at.step}: {size / 1e6:.2f} MB")
        except Exception:
            self.note(traceback.format_exc())


def work(rank: int, *rest) -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    Worker(rank, *rest).run()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    limit = parser.add_mutually_exclusive_group(required=True)
    limit.add_argument("--minutes", type=float)
    limit.add_argument("--until", help="HH:MM, UTC")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--layers", type=int, default=ModelConfig.num_hidden_layers)
    parser.add_argument("--batch-tokens", type=int, default=4608, help="of one process, padding included")
    parser.add_argument("--max-length", type=int, default=1400, help="longer documents are left out")
    parser.add_argument("--mtp-every", type=int, default=4, help="steps between those that train the MTP layer")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--tokens", type=Path, default=TOKENS)
    parser.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    parser.add_argument("--run", type=Path, default=RUN)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--log", type=Path, default=LOG)
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--export-minutes", type=float, default=15)
    parser.add_argument("--eval-minutes", type=float, default=10)
    parser.add_argument("--eval-rows", type=int, default=32, help="of each file")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    now = time.time()
    at = Progress(now, deadline_of(now, args.minutes, args.until))
    saved = torch.load(args.run / "checkpoint.pt", weights_only=True) if args.resume else None
    cfg = ModelConfig(**saved["config"]) if saved else ModelConfig(num_hidden_layers=args.layers)
    files = len(list((args.data / "eval").glob("*.jsonl")))
    tasks = len(list(args.tokens.glob("*.npz")))
    shared = Shared(cfg, tasks, files)
    specs = model_specs(cfg)
    master = views(shared.master, specs)
    if saved:
        restore(saved, cfg, shared)
        at = Progress(saved["start"], at.deadline, saved["step"], saved["seen"])
    else:
        for name, tensor in init_params(cfg, args.seed).items():
            master[name].copy_(tensor)
    rounded = (now - at.start) / (at.deadline - at.start) >= ROUNDED_FROM
    for name, view in views(shared.work, specs).items():
        view.copy_(checkpoint_values(specs[name], master[name]) if rounded else master[name])
    args.log.parent.mkdir(parents=True, exist_ok=True)
    barrier = mp.get_context("spawn").Barrier(PROCESSES)
    mp.spawn(work, (cfg, shared, barrier, args, at), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
