"""Accuracy on the evaluation rows.

    python evaluate.py             # greedy decoding of packages/octo-tiny/model → data/report.json

A row of data/eval/<name>.jsonl has at least `prompt` and `expected`; the answer is right if the greedy
continuation up to the end token equals `expected`, or by `rule` if the row has one: "contains" asks
only that the answer holds `expected`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from model import ModelConfig, Params, hidden_states, make_context

EOS, PAD = 1, 2
EOS_TEXT = "<｜end▁of▁sentence｜>"


@dataclasses.dataclass
class Row:
    """One evaluation row with its tokens."""

    prompt: list[int]
    answer: list[int]
    row: dict


def load_rows(folder: Path, tokenizer_file: Path, limit: int, max_length: int) -> dict[str, list[Row]]:
    """Up to `limit` rows of each file."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    result = {}
    for path in sorted(folder.glob("*.jsonl")):
        rows = []
        with path.open(encoding="utf-8") as file:
            for line in file:
                if len(rows) == limit:
                    break
                row = json.loads(line)
                prompt = tokenizer.encode(row["prompt"], add_special_tokens=False).ids
                expected = row["expected"].removesuffix(EOS_TEXT) + EOS_TEXT
                answer = tokenizer.encode(expected, add_special_tokens=False).ids
                if len(prompt) + len(answer) <= max_length:
                    rows.append(Row(prompt, answer, row))
        result[path.stem] = rows
    return result


@torch.no_grad()
def teacher_forced(cfg: ModelConfig, params: Params, bias, rows: dict[str, list[Row]], tokens: int = 4096):
    """For each file: how many answers are right at every token given the right tokens before, and of how many."""
    result = {}
    for name, group in rows.items():
        right, group = 0, sorted(group, key=lambda r: len(r.prompt) + len(r.answer))
        at = 0
        while at < len(group):
            take = at + 1
            while take < len(group) and (len(group[take].prompt) + len(group[take].answer)) * (take + 1 - at) <= tokens:
                take += 1
            part = group[at:take]
            length = max(len(r.prompt) + len(r.answer) for r in part)
            ids = torch.full((len(part), length), PAD)
            for i, r in enumerate(part):
                ids[i, : len(r.prompt) + len(r.answer)] = torch.tensor(r.prompt + r.answer)
            index = torch.cat(
                [torch.arange(len(r.answer)) + i * length + len(r.prompt) - 1 for i, r in enumerate(part)]
            )
            states = hidden_states(cfg, params, ids, make_context(cfg, bias, length), index)
            guess = F.linear(states, params["head"]).argmax(-1)
            hits = guess == ids.view(-1)[index + 1]
            for r, row_hits in zip(part, hits.split([len(r.answer) for r in part])):
                right += int(row_hits.all())
            at = take
        result[name] = (right, len(group))
    return result


@torch.no_grad()
def greedy(cfg: ModelConfig, params: Params, bias, prompts: list[list[int]], limit: int) -> list[list[int]]:
    """Greedy continuations (end token left out), recomputing the whole batch at each step."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    result: list[list[int]] = [[] for _ in prompts]
    for lo in range(0, len(order), 32):
        live = order[lo : lo + 32]
        for _ in range(limit):
            sequences = [prompts[i] + result[i] for i in live]
            length = max(map(len, sequences))
            ids = torch.full((len(live), length), PAD)
            for i, sequence in enumerate(sequences):
                ids[i, : len(sequence)] = torch.tensor(sequence)
            last = torch.tensor([i * length + len(s) - 1 for i, s in enumerate(sequences)])
            states = hidden_states(cfg, params, ids, make_context(cfg, bias, length), last)
            chosen = F.linear(states, params["head"]).argmax(-1).tolist()
            for i, token in zip(live, chosen):
                if token != EOS:
                    result[i].append(token)
            live = [i for i, token in zip(live, chosen) if token != EOS]
            if not live:
                break
    return result


def is_right(row: dict, answer: str) -> bool:
    expected = row["expected"].removesuffix(EOS_TEXT)
    if row.get("rule") == "contains":
        return expected in answer
    return answer == expected


def main() -> None:
    from export import load_model
    from paths import DATA, MODEL

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--limit", type=int, default=160, help="most new tokens of an answer")
    parser.add_argument("--wrong", type=int, default=0, help="wrong answers to print for each file")
    parser.add_argument("--out", type=Path, default=DATA / "report.json")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    cfg, params, bias = load_model(args.model)
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    rows = load_rows(DATA / "eval", args.model / "tokenizer.json", args.rows, cfg.max_position_embeddings - args.limit)
    report = {}
    for name, group in rows.items():
        if args.only and name not in args.only:
            continue
        start = time.time()
        outputs = greedy(cfg, params, bias, [r.prompt for r in group], args.limit)
        answers = [tokenizer.decode(o, skip_special_tokens=False) for o in outputs]
        right = [is_right(r.row, a) for r, a in zip(group, answers)]
        report[name] = {"n": len(group), "accuracy": round(sum(right) / max(1, len(group)), 4)}
        print(f"{name}: {sum(right)}/{len(group)} in {time.time() - start:.0f} s", flush=True)
        for r, answer, good in [x for x in zip(group, answers, right) if not x[2]][: args.wrong]:
            print(f"  expected {r.row['expected']!r}\n  got      {answer!r}")
    args.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
