"""Draws documents by the mix of tasks and groups them into batches of similar length."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

PAD = 2


class Documents:
    """Encoded documents of one task, drawn without replacement, over and over."""

    def __init__(self, path: Path, max_length: int):
        data = np.load(path)
        self.ids, self.loss = data["ids"].astype(np.int32), data["loss"]
        start = data["start"]
        lengths = np.diff(start)
        keep = lengths <= max_length
        self.start, self.length = start[:-1][keep], lengths[keep]
        self.order, self.next = np.zeros(0, np.int64), 0

    def draw(self, rng: np.random.Generator) -> int:
        if self.next == len(self.order):
            self.order, self.next = rng.permutation(len(self.start)), 0
        self.next += 1
        return int(self.order[self.next - 1])


class Sampler:
    """Yields pairs of micro-batches of about equal cost, one for each of two processes.

    Every process runs the same sampler with the same seed, so each knows the other's batch. A batch is
    a list of (task, document) pairs.
    """

    def __init__(self, tokens: Path, mix: Path, batch_tokens: int, max_length: int, seed: int, pool: int = 4096):
        weights = json.loads(mix.read_text(encoding="utf-8"))
        self.tasks = sorted(weights)
        self.main = np.array([weights[t]["weight"] for t in self.tasks], float)
        self.copy = np.array([weights[t]["copyPhaseWeight"] for t in self.tasks], float)
        self.documents = [Documents(tokens / f"{t}.npz", max_length) for t in self.tasks]
        self.batch_tokens, self.pool = batch_tokens, pool
        self.rng = np.random.default_rng(seed)

    def pairs(self, copy_phase: bool) -> list[tuple[list, list]]:
        """The pairs of one pool of documents, in random order."""
        weights = self.copy if copy_phase else self.main
        tasks = self.rng.choice(len(weights), self.pool, p=weights / weights.sum())
        drawn = [(int(t), self.documents[t].draw(self.rng)) for t in tasks]
        lengths = np.array([self.documents[t].length[d] for t, d in drawn])
        # A little noise mixes tasks of similar length differently each time.
        order = np.argsort(lengths * self.rng.uniform(0.95, 1.05, len(lengths)))
        batches, current, longest = [], [], 0
        for i in order:
            longest = max(longest, int(lengths[i]))
            if current and longest * (len(current) + 1) > self.batch_tokens:
                batches.append(current)
                current, longest = [], int(lengths[i])
            current.append(drawn[i])
        batches.append(current)
        if len(batches) % 2:
            batches.pop()
        pairs = [(batches[i], batches[i + 1]) for i in range(0, len(batches), 2)]
        self.rng.shuffle(pairs)
        return pairs

    def tensors(self, batch: list[tuple[int, int]]):
        """ids [B,S] int64, flag [B,S] bool (token is a target), task [B]."""
        length = max(int(self.documents[t].length[d]) for t, d in batch)
        ids = np.full((len(batch), length), PAD, np.int64)
        flag = np.zeros((len(batch), length), bool)
        for row, (t, d) in enumerate(batch):
            docs = self.documents[t]
            lo, n = int(docs.start[d]), int(docs.length[d])
            ids[row, :n] = docs.ids[lo : lo + n]
            flag[row, :n] = docs.loss[lo : lo + n]
        return torch.from_numpy(ids), torch.from_numpy(flag), torch.tensor([t for t, _ in batch])

    def tokens(self, batch: list[tuple[int, int]]) -> int:
        """Number of tokens, padding left out."""
        return sum(int(self.documents[t].length[d]) for t, d in batch)

    def targets(self, batch: list[tuple[int, int]], skip: int) -> int:
        """Number of target tokens that have at least `skip` tokens before them."""
        total = 0
        for t, d in batch:
            docs = self.documents[t]
            lo, n = int(docs.start[d]), int(docs.length[d])
            total += int(docs.loss[lo + skip : lo + n].sum())
        return total
