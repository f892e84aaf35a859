"""Trains the tokenizer: byte-level BPE of 2,048 entries with the named special tokens of DeepSeek-V3.1.

The aim of the splitting rule is that a string copied from the prompt has the same ids as its source:
digits are single, and a leading space belongs to a token only before a fixed list of common words.

    python tokenizer.py            # trains on data/*.jsonl, writes data/tokenizer/
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from paths import DATA, HERE, TOKENIZER

VOCAB_SIZE = 2048
MAX_LENGTH = 2048
BOS, EOS, PAD = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"
# (content, special flag), in the order of the original ids.
NAMED = [
    ("<｜search▁begin｜>", False),
    ("<｜search▁end｜>", False),
    ("<think>", False),
    ("</think>", False),
    ("<｜fim▁hole｜>", False),
    ("<｜fim▁begin｜>", False),
    ("<｜fim▁end｜>", False),
    ("<｜User｜>", False),
    ("<｜Assistant｜>", False),
    ("<|EOT|>", True),
    ("<｜tool▁calls▁begin｜>", False),
    ("<｜tool▁calls▁end｜>", False),
    ("<｜tool▁call▁begin｜>", False),
    ("<｜tool▁call▁end｜>", False),
    ("<｜tool▁outputs▁begin｜>", False),
    ("<｜tool▁outputs▁end｜>", False),
    ("<｜tool▁output▁begin｜>", False),
    ("<｜tool▁output▁end｜>", False),
    ("<｜tool▁sep｜>", False),
]
SPECIAL_TEXT = re.compile("|".join(re.escape(t) for t in [BOS, EOS, PAD, *(name for name, _ in NAMED)]))


def split_pattern(space_words: list[str]) -> str:
    """Regular expression valid both in Oniguruma and as a JavaScript RegExp with the `u` flag."""
    for word in space_words:
        if not re.fullmatch(r"[A-Za-z]+", word):
            raise ValueError(f"space word must be letters only: {word!r}")
    words = "|".join(sorted(space_words, key=lambda w: (-len(w), w)))
    return "|".join(
        [
            rf" (?:{words})(?![\p{{L}}\p{{M}}\p{{N}}_])",  # a common word with its space
            r"[\p{L}\p{M}]+",
            r"\p{N}",
            r' ?[{}\[\]",:]+',  # JSON structure
            r"[\r\n]+",
            r"\s",
            r"[^\s\p{L}\p{M}\p{N}]",
        ]
    )


def train(texts, space_words: list[str]) -> Tokenizer:
    """Trains on an iterator of texts that hold no special tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(split_pattern(space_words)), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=True, trim_offsets=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE - len(NAMED),
        special_tokens=[AddedToken(t, special=True, normalized=False) for t in (BOS, EOS, PAD)],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    for name, special in NAMED:
        token = AddedToken(name, special=special, normalized=True)
        (tokenizer.add_special_tokens if special else tokenizer.add_tokens)([token])
    return tokenizer


def corpus(folder: Path, per_task: int, seed: int = 1):
    """Pieces of text between special tokens, from up to `per_task` documents of each task."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            lines = file.readlines()
        for line in random.Random(seed).sample(lines, min(per_task, len(lines))):
            text = "".join(segment["text"] for segment in json.loads(line)["segments"])
            yield from (piece for piece in SPECIAL_TEXT.split(text) if piece)


def tokenizer_config() -> dict:
    """tokenizer_config.json; like DeepSeek-V3.1 the chat template writes the BOS token itself."""

    def token(content: str) -> dict:
        return {
            "__type": "AddedToken",
            "content": content,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
        }

    return {
        "add_bos_token": False,
        "add_eos_token": False,
        "bos_token": token(BOS),
        "clean_up_tokenization_spaces": False,
        "eos_token": token(EOS),
        "model_max_length": MAX_LENGTH,
        "pad_token": token(PAD),
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": None,
        "chat_template": (HERE / "chat_template.jinja").read_text(encoding="utf-8").rstrip("\n"),
    }


def write(tokenizer: Tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = json.dumps(tokenizer_config(), ensure_ascii=False, indent=2)
    (folder / "tokenizer_config.json").write_text(config + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=TOKENIZER)
    parser.add_argument("--per-task", type=int, default=4000)
    args = parser.parse_args()
    words = json.loads((args.data / "space-words.json").read_text(encoding="utf-8"))
    tokenizer = train(corpus(args.data, args.per_task), words)
    if tokenizer.get_vocab_size() != VOCAB_SIZE:
        print(f"warning: {tokenizer.get_vocab_size()} entries instead of {VOCAB_SIZE}")
    write(tokenizer, args.out)
    print(f"{tokenizer.get_vocab_size()} entries → {args.out.name}/")


if __name__ == "__main__":
    main()
