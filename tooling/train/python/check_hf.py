"""Compares this implementation with transformers' DeepseekV3ForCausalLM in float32.

    python check_hf.py                     # random weights, exported to a temporary folder
    python check_hf.py --model FOLDER      # an exported model

transformers runs FP8 checkpoints on GPUs only, so the weights are multiplied out before loading.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import DeepseekV3ForCausalLM

from export import config_json, dequantized, load_model, write_model
from model import ModelConfig, hidden_states, init_params, make_context, moe_layers
from paths import TOKENIZER


def load_transformers(folder: Path) -> DeepseekV3ForCausalLM:
    """Loads a model folder into transformers with FP8 multiplied out to float32."""
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        config.pop("quantization_config")
        config["torch_dtype"] = "float32"
        (plain / "config.json").write_text(json.dumps(config), encoding="utf-8")
        save_file(dequantized(load_file(folder / "model.safetensors")), plain / "model.safetensors", {"format": "pt"})
        model, info = DeepseekV3ForCausalLM.from_pretrained(plain, dtype=torch.float32, output_loading_info=True)
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ValueError(f"transformers did not accept the checkpoint: {info}")
    layer = f"model.layers.{config['num_hidden_layers']}."
    unexpected = [key for key in info["unexpected_keys"] if not key.startswith(layer)]
    if unexpected:
        raise ValueError(f"unknown tensors: {unexpected}")
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--n-group", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = args.model or Path(name)
        if not args.model:
            cfg = ModelConfig(n_group=args.n_group)
            bias = {i: torch.randn(cfg.n_routed_experts) * 0.1 for i in moe_layers(cfg)}
            write_model(cfg, init_params(cfg, 3), bias, folder, TOKENIZER)
        cfg, params, bias = load_model(folder)
        reference = load_transformers(folder)
        ids = torch.randint(3, cfg.vocab_size, (2, 150), generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            ours = F.linear(hidden_states(cfg, params, ids, make_context(cfg, bias, 150)), params["head"])
            theirs = reference(ids).logits
        error = ((ours - theirs).abs().max() / theirs.abs().max()).item()
        print(f"largest difference relative to the largest logit: {error:.2e}")
        if error > 1e-4:
            raise SystemExit("differs from transformers")
        assert config_json(cfg)["num_hidden_layers"] == reference.config.num_hidden_layers


if __name__ == "__main__":
    main()
