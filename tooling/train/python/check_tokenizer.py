"""Checks the tokenizer folder with transformers: chat template, special tokens, exact round trips.

    python check_tokenizer.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from transformers import AutoTokenizer

from paths import TOKENIZER
from tokenizer import NAMED, VOCAB_SIZE

BOS, EOS, USER, ASSISTANT = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"
CALLS = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"
CALL = "<｜tool▁call▁begin｜>{}<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
OUTPUT = "<｜tool▁output▁begin｜>{}<｜tool▁output▁end｜>"


def call(name: str, arguments: str) -> dict:
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


SYSTEM = {"role": "system", "content": "You are a helpful assistant"}
WHO = {"role": "user", "content": "Who are you?"}
ANSWER = {"role": "assistant", "content": "<think>Hmm</think>I am DeepSeek"}
SUM = {"role": "user", "content": "1+1=?"}
TWO_CALLS = {"role": "assistant", "content": None, "tool_calls": [call("f", '{"a": 1}'), call("g", "{}")]}
HISTORY = f"{BOS}You are a helpful assistant{USER}Who are you?{ASSISTANT}</think>I am DeepSeek{EOS}{USER}1+1=?"
CALLED = CALLS[0] + CALL.format("f", '{"a": 1}') + CALL.format("g", "{}") + CALLS[1] + EOS

# (messages, thinking, add_generation_prompt, expected)
TEMPLATES = [
    ([SYSTEM, WHO, ANSWER, SUM], True, True, HISTORY + ASSISTANT + "<think>"),
    ([SYSTEM, WHO, ANSWER, SUM], False, True, HISTORY + ASSISTANT + "</think>"),
    ([SYSTEM, WHO, ANSWER, SUM], False, False, HISTORY),
    ([SYSTEM, SYSTEM, SUM], False, False, f"{BOS}{SYSTEM['content']}\n\n{SYSTEM['content']}{USER}1+1=?"),
    ([SUM, TWO_CALLS], True, True, f"{BOS}{USER}1+1=?{ASSISTANT}</think>{CALLED}"),
    (
        [SUM, TWO_CALLS, {"role": "tool", "content": "2"}, {"role": "tool", "content": "3"}],
        False,
        True,
        f"{BOS}{USER}1+1=?{ASSISTANT}</think>{CALLED}{OUTPUT.format(2)}{OUTPUT.format(3)}",
    ),
    (
        [SUM, {**TWO_CALLS, "content": "Wait."}, {"role": "tool", "content": "2"}, {"role": "assistant", "content": "Two."}, SUM],
        False,
        True,
        f"{BOS}{USER}1+1=?{ASSISTANT}</think>Wait.{CALLED}{OUTPUT.format(2)}Two.{EOS}{USER}1+1=?{ASSISTANT}</think>",
    ),
    (
        [SUM, {"role": "assistant", "content": "So", "prefix": True}],
        True,
        False,
        f"{BOS}{USER}1+1=?{ASSISTANT}<think>So{EOS}",
    ),
]
ROUND_TRIPS = ['{"city": "Medellín", "n": -12.5}\n', "  two  spaces\t\r\n", "naïve 数据 🙂 e\u0301", "src/a_b-c.ts of the_end"]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TOKENIZER
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for messages, thinking, prompt, expected in TEMPLATES:
        text = tokenizer.apply_chat_template(
            messages, tokenize=False, thinking=thinking, add_generation_prompt=prompt
        )
        assert text == expected, f"\n{text!r}\n{expected!r}"
    assert len(tokenizer) == VOCAB_SIZE
    assert [tokenizer.convert_tokens_to_ids(t) for t in (BOS, EOS, "<｜▁pad▁｜>")] == [0, 1, 2]
    first = VOCAB_SIZE - len(NAMED)
    assert [tokenizer.convert_tokens_to_ids(t) for t, _ in NAMED] == list(range(first, VOCAB_SIZE))
    assert tokenizer("a").input_ids == tokenizer("a", add_special_tokens=False).input_ids
    for text in ROUND_TRIPS:
        ids = tokenizer(text).input_ids
        assert tokenizer.decode(ids, skip_special_tokens=False) == text, text
    digits = tokenizer("x 1234").input_ids
    assert len(digits) == 6, digits
    inner = tokenizer('{"city": "Medellin"}').input_ids
    word = tokenizer("Medellin").input_ids
    assert any(inner[i : i + len(word)] == word for i in range(len(inner)))
    print("tokenizer: all checks passed")


if __name__ == "__main__":
    main()
