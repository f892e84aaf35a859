"""Encodes the generated documents to token arrays.

    python encode.py               # data/*.jsonl → data/tokens/<task>.npz

Each file holds all documents of a task: `ids` uint16 [N], `loss` bool [N] (token is a training target)
and `start` int64 [documents + 1]. A part of the documents is encoded with a variant of the tokenizer
that lacks a random part of the merges. One variant serves a whole document, so a copied string still
has the ids of its source, while rare pieces and single letters are seen often.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from paths import DATA, TOKENIZER, TOKENS

VARIANTS = 16
VARIANT_SHARE = 0.12
DROPPED_MERGES = (0.05, 0.5)
"""Least and greatest part of the merges that a variant lacks."""
BATCH = 20_000


def variants(path: Path, count: int, seed: int = 5) -> list[Tokenizer]:
    """The tokenizer itself, then `count` variants without some of its merges."""
    text = path.read_text(encoding="utf-8")
    rng = random.Random(seed)
    result = [Tokenizer.from_str(text)]
    for i in range(count):
        spec = json.loads(text)
        share = DROPPED_MERGES[0] + (DROPPED_MERGES[1] - DROPPED_MERGES[0]) * i / max(1, count - 1)
        spec["model"]["merges"] = [m for m in spec["model"]["merges"] if rng.random() >= share]
        result.append(Tokenizer.from_str(json.dumps(spec)))
    return result


def encode_documents(tokenizer: Tokenizer, documents: list[list[dict]]):
    """Token ids and loss flags of each document; segments are encoded one by one."""
    texts = [segment["text"] for document in documents for segment in document]
    encoded = iter(tokenizer.encode_batch_fast(texts, add_special_tokens=False))
    for document in documents:
        ids, loss = [], []
        for segment in document:
            piece = next(encoded).ids
            ids += piece
            loss += [bool(segment["loss"])] * len(piece)
        yield np.array(ids, np.uint16), np.array(loss, bool)


def encode_file(path: Path, tokenizers: list[Tokenizer], out: Path, share: float, seed: int = 7) -> str:
    rng = random.Random(seed)
    ids, loss, lengths = [], [], []
    with path.open(encoding="utf-8") as file:
        documents = [json.loads(line)["segments"] for line in file]
    rng.shuffle(documents)
    groups: list[list] = [[] for _ in tokenizers]
    for document in documents:
        varied = len(tokenizers) > 1 and rng.random() < share
        groups[rng.randrange(1, len(tokenizers)) if varied else 0].append(document)
    for tokenizer, group in zip(tokenizers, groups):
        for lo in range(0, len(group), BATCH):
            for a, b in encode_documents(tokenizer, group[lo : lo + BATCH]):
                ids.append(a)
                loss.append(b)
                lengths.append(len(a))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    np.savez(out, ids=np.concatenate(ids), loss=np.concatenate(loss), start=start)
    targets = sum(int(b.sum()) for b in loss)
    return (
        f"{path.stem}: {len(lengths)} documents, mean {np.mean(lengths):.0f} tokens, "
        f"longest {max(lengths)}, {targets / start[-1]:.0%} targets"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    parser.add_argument("--out", type=Path, default=TOKENS)
    parser.add_argument("--share", type=float, default=VARIANT_SHARE)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizers = variants(args.tokenizer / "tokenizer.json", VARIANTS)
    mix = json.loads((args.data / "mix.json").read_text(encoding="utf-8"))
    for task in sorted(mix):
        print(encode_file(args.data / f"{task}.jsonl", tokenizers, args.out / f"{task}.npz", args.share), flush=True)


if __name__ == "__main__":
    main()
