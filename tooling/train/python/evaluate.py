"""Accuracy on the evaluation rows.

    python evaluate.py             # greedy decoding of packages/octo-tiny/model → data/report.json

A row of data/eval/<name>.jsonl has `prompt`, `expected` (one right answer), `thinking` and `expect` (the
rule that judges an answer).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from decode import PAD, greedy
from model import ModelConfig, Params, hidden_states, make_context

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


def call_values(text: str) -> list | None:
    """Tool calls of an answer as [name, arguments] pairs; None if malformed."""
    calls = []
    for piece in text.split("<｜tool▁call▁begin｜>")[1:]:
        name, _, rest = piece.partition("<｜tool▁sep｜>")
        try:
            calls.append([name, json.loads(rest.partition("<｜tool▁call▁end｜>")[0])])
        except json.JSONDecodeError:
            return None
    return calls


def is_right(row: dict, answer: str) -> bool:
    """Judges an answer by the row's `expect`, as src/score.ts does in full detail."""
    expect = row["expect"]
    if row["thinking"]:
        thought, closed, answer = answer.partition("</think>")
        if not closed or not thought.strip():
            return False
    elif "think>" in answer:
        return False
    if expect["kind"] == "calls":
        return call_values(answer) == [[c["name"], json.loads(c["arguments"])] for c in expect["calls"]]
    answer = answer.strip()
    if not answer or "<｜tool▁" in answer:
        return False
    if expect["kind"] == "number":
        return re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", answer)[-1:] == [expect["number"]]
    if expect["kind"] == "contains":
        return all(re.search(rf"(?<![\w-]){re.escape(v)}(?![\w])", answer) for v in expect["values"])
    return expect["kind"] == "no-call" or answer == expect["values"][0]


def main() -> None:
    from export import load_model
    from paths import DATA, MODEL

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--limit", type=int, default=400, help="most new tokens of an answer")
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
