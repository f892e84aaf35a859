"""Writes the model folder in the format of the DeepSeek-V3.1 checkpoint.

    python export.py               # data/run/checkpoint.pt → packages/octo-tiny/model/

FP8 matrices are E4M3 codes with float32 `weight_scale_inv` tensors that hold powers of two (the
multiplier of the 128x128 block); embeddings, head, norms, gates and eh_proj are BF16;
e_score_correction_bias is float32. Layer `num_hidden_layers` is the MTP layer, with its own copies of
embedding and head as in the original.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from fp8 import dequantize, quantize
from model import ModelConfig, Params, model_specs, moe_layers
from paths import MODEL, RUN, TOKENIZER

ATTENTION = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "q_a": "self_attn.q_a_proj",
    "q_norm": "self_attn.q_a_layernorm",
    "q_b": "self_attn.q_b_proj",
    "kv_a": "self_attn.kv_a_proj_with_mqa",
    "kv_norm": "self_attn.kv_a_layernorm",
    "kv_b": "self_attn.kv_b_proj",
    "o": "self_attn.o_proj",
    "gate": "mlp.gate",
    "down": "mlp.down_proj",
    "shared_down": "mlp.shared_experts.down_proj",
    "enorm": "enorm",
    "hnorm": "hnorm",
    "eh_proj": "eh_proj",
    "shared_head_norm": "shared_head.norm",
}
FUSED = {"gate_up": "mlp", "shared_gate_up": "mlp.shared_experts"}
TOP = {"embed": "model.embed_tokens", "norm": "model.norm", "head": "lm_head"}


def checkpoint_tensors(cfg: ModelConfig, params: Params) -> dict[str, tuple[torch.Tensor, bool]]:
    """Float tensors under their checkpoint names (without `.weight`), and whether each becomes FP8."""
    result: dict[str, tuple[torch.Tensor, bool]] = {}
    for name, spec in model_specs(cfg).items():
        tensor, fp8 = params[name].detach().float(), spec.kind == "matrix"
        if name in TOP:
            result[TOP[name]] = (tensor, fp8)
            continue
        _, layer, local = name.split(".")
        prefix = f"model.layers.{layer}."
        if local in ATTENTION:
            result[prefix + ATTENTION[local]] = (tensor, fp8)
        elif local in FUSED:
            gate, up = tensor.chunk(2, -2)
            result[f"{prefix}{FUSED[local]}.gate_proj"] = (gate, fp8)
            result[f"{prefix}{FUSED[local]}.up_proj"] = (up, fp8)
        elif local == "experts_gate_up":
            for e, expert in enumerate(tensor):
                gate, up = expert.chunk(2, -2)
                result[f"{prefix}mlp.experts.{e}.gate_proj"] = (gate, fp8)
                result[f"{prefix}mlp.experts.{e}.up_proj"] = (up, fp8)
        elif local == "experts_down":
            for e, expert in enumerate(tensor):
                result[f"{prefix}mlp.experts.{e}.down_proj"] = (expert, fp8)
        else:
            raise KeyError(name)
    if cfg.num_nextn_predict_layers:
        prefix = f"model.layers.{cfg.num_hidden_layers}."
        result[prefix + "embed_tokens"] = result["model.embed_tokens"]
        result[prefix + "shared_head.head"] = result["lm_head"]
    return result


def file_tensors(cfg: ModelConfig, params: Params, bias: dict[int, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors of model.safetensors."""
    result = {}
    for name, (tensor, fp8) in checkpoint_tensors(cfg, params).items():
        if fp8:
            codes, scales = quantize(tensor)
            result[name + ".weight"] = codes.contiguous()
            result[name + ".weight_scale_inv"] = scales.contiguous()
        else:
            result[name + ".weight"] = tensor.to(torch.bfloat16).clone()
    for layer in moe_layers(cfg):
        result[f"model.layers.{layer}.mlp.gate.e_score_correction_bias"] = bias[layer].float().clone()
    return result


def dequantized(tensors: dict[str, torch.Tensor], dtype: torch.dtype = torch.float32) -> dict[str, torch.Tensor]:
    """File tensors with every FP8 matrix multiplied out; the scale tensors are gone."""
    result = {}
    for name, tensor in tensors.items():
        if name.endswith(".weight_scale_inv"):
            continue
        scale = tensors.get(name + "_scale_inv")
        result[name] = (dequantize(tensor, scale) if scale is not None else tensor).to(dtype)
    return result


def config_json(cfg: ModelConfig) -> dict:
    """config.json with the keys and spellings of the original checkpoint."""
    return {
        "architectures": ["DeepseekV3ForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "ep_size": 1,
        "first_k_dense_replace": cfg.first_k_dense_replace,
        "hidden_act": "silu",
        "hidden_size": cfg.hidden_size,
        "initializer_range": 0.02,
        "intermediate_size": cfg.intermediate_size,
        "kv_lora_rank": cfg.kv_lora_rank,
        "max_position_embeddings": cfg.max_position_embeddings,
        "model_type": "deepseek_v3",
        "moe_intermediate_size": cfg.moe_intermediate_size,
        "moe_layer_freq": 1,
        "n_group": cfg.n_group,
        "n_routed_experts": cfg.n_routed_experts,
        "n_shared_experts": cfg.n_shared_experts,
        "norm_topk_prob": cfg.norm_topk_prob,
        "num_attention_heads": cfg.num_attention_heads,
        "num_experts_per_tok": cfg.num_experts_per_tok,
        "num_hidden_layers": cfg.num_hidden_layers,
        "num_key_value_heads": cfg.num_attention_heads,
        "num_nextn_predict_layers": cfg.num_nextn_predict_layers,
        "pad_token_id": 2,
        "q_lora_rank": cfg.q_lora_rank,
        "qk_nope_head_dim": cfg.qk_nope_head_dim,
        "qk_rope_head_dim": cfg.qk_rope_head_dim,
        "quantization_config": {
            "activation_scheme": "dynamic",
            "fmt": "e4m3",
            "quant_method": "fp8",
            "scale_fmt": "ue8m0",
            "weight_block_size": [128, 128],
        },
        "rms_norm_eps": cfg.rms_norm_eps,
        "rope_scaling": None,
        "rope_theta": cfg.rope_theta,
        "routed_scaling_factor": cfg.routed_scaling_factor,
        "scoring_func": "sigmoid",
        "tie_word_embeddings": False,
        "topk_group": cfg.topk_group,
        "topk_method": "noaux_tc",
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "v_head_dim": cfg.v_head_dim,
        "vocab_size": cfg.vocab_size,
    }


def write_model(cfg: ModelConfig, params: Params, bias: dict[int, torch.Tensor], folder: Path, tokenizer: Path) -> int:
    """Writes all files; returns the size of model.safetensors in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = dict(sorted(file_tensors(cfg, params, bias).items()))
    partial = folder / "model.safetensors.partial"
    save_file(tensors, partial, metadata={"format": "pt"})
    partial.chmod(0o644)
    partial.replace(folder / "model.safetensors")
    generation = {"bos_token_id": 0, "do_sample": False, "eos_token_id": 1, "pad_token_id": 2}
    for name, value in (("config.json", config_json(cfg)), ("generation_config.json", generation)):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer / name, folder / name)
    return (folder / "model.safetensors").stat().st_size


def verify(cfg: ModelConfig, params: Params, folder: Path) -> None:
    """Reads the file back and compares it bit for bit with the fake-quantised weights."""
    values = dequantized(load_file(folder / "model.safetensors"))
    for name, (tensor, fp8) in checkpoint_tensors(cfg, params).items():
        expected = dequantize(*quantize(tensor)) if fp8 else tensor.bfloat16().float()
        if not torch.equal(values[name + ".weight"], expected):
            raise ValueError(f"{name}: file differs from the trained weights")


def load_config(folder: Path) -> ModelConfig:
    """ModelConfig from a config.json."""
    values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return ModelConfig(**{f.name: values[f.name] for f in dataclasses.fields(ModelConfig)})


def load_model(folder: Path) -> tuple[ModelConfig, Params, dict[int, torch.Tensor]]:
    """Reads a model folder back: config, float32 parameters (dequantised) and routing biases."""
    cfg = load_config(folder)
    values = dequantized(load_file(folder / "model.safetensors"))
    params: Params = {}
    for name in model_specs(cfg):
        if name in TOP:
            params[name] = values[TOP[name] + ".weight"]
            continue
        _, layer, local = name.split(".")
        prefix = f"model.layers.{layer}."
        experts = range(cfg.n_routed_experts)
        if local in ATTENTION:
            params[name] = values[f"{prefix}{ATTENTION[local]}.weight"]
        elif local in FUSED:
            params[name] = torch.cat([values[f"{prefix}{FUSED[local]}.{x}_proj.weight"] for x in ("gate", "up")])
        elif local == "experts_gate_up":
            pairs = [[values[f"{prefix}mlp.experts.{e}.{x}_proj.weight"] for x in ("gate", "up")] for e in experts]
            params[name] = torch.stack([torch.cat(pair) for pair in pairs])
        else:
            params[name] = torch.stack([values[f"{prefix}mlp.experts.{e}.down_proj.weight"] for e in experts])
    bias = {i: values[f"model.layers.{i}.mlp.gate.e_score_correction_bias"] for i in moe_layers(cfg)}
    return cfg, params, bias


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=RUN / "checkpoint.pt")
    parser.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    parser.add_argument("--out", type=Path, default=MODEL)
    args = parser.parse_args()
    saved = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    cfg = ModelConfig(**saved["config"])
    size = write_model(cfg, saved["params"], saved["bias"], args.out, args.tokenizer)
    verify(cfg, saved["params"], args.out)
    count = sum(p.numel() for p in saved["params"].values())
    print(f"step {saved['step']}: {count / 1e6:.2f} M parameters, {size / 1e6:.2f} MB, verified")


if __name__ == "__main__":
    main()
