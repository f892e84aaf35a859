"""DeepSeek-V3 architecture in plain PyTorch, written for fast training on few CPU cores.

The model is a set of named tensors (`Params`) and pure functions over them, so that the tensors can
live in memory shared by the training processes. Two copies of the weights exist while training, both
float32: the master, which the optimiser updates, and the working copy used here. Once FP8-aware
training begins the working copy holds the rounded values of the checkpoint (see fp8.py). Arithmetic is
float32: on processors with AVX-512 but no AMX it is twice as fast as bfloat16.

Shapes: B sequences, S positions, T = B*S tokens, D hidden size, H heads, E routed experts.
"""

from __future__ import annotations

import dataclasses
import math

import torch
import torch.nn.functional as F

from kernels import causal_attention, experts, pack_key, pack_query, rms_norm, swiglu

Params = dict[str, torch.Tensor]


@dataclasses.dataclass(frozen=True)
class ModelConfig:
    """Architecture values, with the key names of DeepSeek's config.json."""

    vocab_size: int = 2048
    hidden_size: int = 256
    num_hidden_layers: int = 4
    num_nextn_predict_layers: int = 1
    num_attention_heads: int = 8
    intermediate_size: int = 768
    moe_intermediate_size: int = 256
    first_k_dense_replace: int = 1
    n_routed_experts: int = 8
    n_shared_experts: int = 1
    num_experts_per_tok: int = 2
    n_group: int = 1
    topk_group: int = 1
    routed_scaling_factor: float = 2.0
    norm_topk_prob: bool = True
    q_lora_rank: int = 128
    kv_lora_rank: int = 128
    qk_nope_head_dim: int = 32
    qk_rope_head_dim: int = 16
    v_head_dim: int = 32
    rope_theta: float = 1000.0
    rms_norm_eps: float = 1e-6
    max_position_embeddings: int = 2048


@dataclasses.dataclass(frozen=True)
class Spec:
    """One tensor of the model: its shape and how the optimiser and the exporter treat it.

    kind: "matrix" (Muon, FP8 in the checkpoint), "plain_matrix" (Muon, BF16), "embed", "head",
    "gate" or "norm" (AdamW, BF16). `split` tells how many equal matrices are stacked along the first
    axis (fused gate/up projections), so that each is orthogonalised on its own.
    """

    shape: tuple[int, ...]
    kind: str
    split: int = 1
    std: float = 0.02


def layer_specs(cfg: ModelConfig, prefix: str, dense: bool) -> dict[str, Spec]:
    """Tensors of one decoder layer; `prefix` ends with a dot."""
    d, h = cfg.hidden_size, cfg.num_attention_heads
    qk = cfg.qk_nope_head_dim + cfg.qk_rope_head_dim

    def matrix(rows: int, cols: int, lead: tuple[int, ...] = (), split: int = 1) -> Spec:
        return Spec((*lead, rows, cols), "matrix", split, cols**-0.5)

    specs = {
        "attn_norm": Spec((d,), "norm"),
        "q_a": matrix(cfg.q_lora_rank, d),
        "q_norm": Spec((cfg.q_lora_rank,), "norm"),
        "q_b": matrix(h * qk, cfg.q_lora_rank),
        "kv_a": matrix(cfg.kv_lora_rank + cfg.qk_rope_head_dim, d),
        "kv_norm": Spec((cfg.kv_lora_rank,), "norm"),
        "kv_b": matrix(h * (cfg.qk_nope_head_dim + cfg.v_head_dim), cfg.kv_lora_rank),
        "o": dataclasses.replace(matrix(d, h * cfg.v_head_dim), std=0.25 * d**-0.5),
        "ffn_norm": Spec((d,), "norm"),
    }
    if dense:
        specs["gate_up"] = matrix(2 * cfg.intermediate_size, d, split=2)
        specs["down"] = dataclasses.replace(matrix(d, cfg.intermediate_size), std=0.25 * d**-0.5)
    else:
        m, e = cfg.moe_intermediate_size, cfg.n_routed_experts
        shared = m * cfg.n_shared_experts
        specs["gate"] = Spec((e, d), "gate", std=d**-0.5)
        specs["experts_gate_up"] = matrix(2 * m, d, (e,), split=2)
        specs["experts_down"] = dataclasses.replace(matrix(d, m, (e,)), std=0.25 * d**-0.5)
        specs["shared_gate_up"] = matrix(2 * shared, d, split=2)
        specs["shared_down"] = dataclasses.replace(matrix(d, shared), std=0.25 * d**-0.5)
    return {prefix + name: spec for name, spec in specs.items()}


def model_specs(cfg: ModelConfig) -> dict[str, Spec]:
    """Every trained tensor. Layer `num_hidden_layers` is the MTP layer."""
    specs = {"embed": Spec((cfg.vocab_size, cfg.hidden_size), "embed", std=0.5)}
    for i in range(cfg.num_hidden_layers):
        specs |= layer_specs(cfg, f"layers.{i}.", i < cfg.first_k_dense_replace)
    specs["norm"] = Spec((cfg.hidden_size,), "norm")
    specs["head"] = Spec((cfg.vocab_size, cfg.hidden_size), "head", std=cfg.hidden_size**-0.5)
    if cfg.num_nextn_predict_layers:
        prefix = f"layers.{cfg.num_hidden_layers}."
        specs |= {
            prefix + "enorm": Spec((cfg.hidden_size,), "norm"),
            prefix + "hnorm": Spec((cfg.hidden_size,), "norm"),
            prefix
            + "eh_proj": Spec(
                (cfg.hidden_size, 2 * cfg.hidden_size), "plain_matrix", 1, (2 * cfg.hidden_size) ** -0.5
            ),
        }
        specs |= layer_specs(cfg, prefix, dense=False)
        specs[prefix + "shared_head_norm"] = Spec((cfg.hidden_size,), "norm")
    return specs


def moe_layers(cfg: ModelConfig) -> list[int]:
    """Indices of layers with routed experts, the MTP layer included."""
    return list(range(cfg.first_k_dense_replace, cfg.num_hidden_layers + cfg.num_nextn_predict_layers))


def init_params(cfg: ModelConfig, seed: int = 0) -> Params:
    """Random float32 master weights."""
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for name, spec in model_specs(cfg).items():
        if spec.kind == "norm":
            params[name] = torch.ones(spec.shape)
        else:
            params[name] = torch.randn(spec.shape, generator=generator) * spec.std
    return params


def rope_tables(cfg: ModelConfig, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin, each [S, rope/2]."""
    half = cfg.qk_rope_head_dim // 2
    freqs = 1.0 / cfg.rope_theta ** (torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * freqs
    return angles.cos(), angles.sin()


def attention(cfg: ModelConfig, p: Params, prefix: str, x: torch.Tensor, ctx: "Context") -> torch.Tensor:
    """Multi-head latent attention in its expanded form; x [B,S,D] → [B,S,D]."""
    b, s, _ = x.shape
    h, nope, rope, v_dim = cfg.num_attention_heads, cfg.qk_nope_head_dim, cfg.qk_rope_head_dim, cfg.v_head_dim
    eps = 1e-6
    q = rms_norm(F.linear(x, p[prefix + "q_a"]), p[prefix + "q_norm"], eps)
    q = F.linear(q, p[prefix + "q_b"]).view(b, s, h, nope + rope)
    q = pack_query(q, ctx.cos, ctx.sin, rope, ctx.scale)
    kv = F.linear(x, p[prefix + "kv_a"])
    latent = rms_norm(kv[..., : cfg.kv_lora_rank], p[prefix + "kv_norm"], eps)
    k_rot = kv[..., cfg.kv_lora_rank :]
    kv = F.linear(latent, p[prefix + "kv_b"]).view(b, s, h, nope + v_dim)
    k, v = pack_key(kv, k_rot, ctx.cos, ctx.sin, nope)
    if ctx.cache is not None:
        ctx.cache.append((k, v))
    out = causal_attention(q, k, v)
    out = out.transpose(1, 2).reshape(b, s, h * v_dim)
    return F.linear(out, p[prefix + "o"])


def route(cfg: ModelConfig, gate: torch.Tensor, bias: torch.Tensor, x: torch.Tensor):
    """Chooses experts; x [T,D] → (weights [T,K] float32, indices [T,K])."""
    scores = torch.sigmoid(F.linear(x, gate))
    with torch.no_grad():
        choice = scores + bias
        if cfg.n_group > 1:
            grouped = choice.view(choice.shape[0], cfg.n_group, -1)
            best = grouped.topk(2, -1)[0].sum(-1).topk(cfg.topk_group, -1)[1]
            keep = torch.zeros(grouped.shape[:2], dtype=torch.bool).scatter_(1, best, True)
            choice = grouped.masked_fill(~keep[..., None], -math.inf).view_as(choice)
        index = choice.topk(cfg.num_experts_per_tok, -1)[1]
    weights = scores.gather(1, index)
    if cfg.norm_topk_prob:
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
    return weights * cfg.routed_scaling_factor, index


def moe(cfg: ModelConfig, p: Params, layer: int, x: torch.Tensor, ctx: "Context") -> torch.Tensor:
    """Routed experts plus the shared expert; x [T,D] → [T,D]."""
    prefix = f"layers.{layer}."
    weights, index = route(cfg, p[prefix + "gate"], ctx.bias[layer], x)
    routed, ctx.load[layer] = experts(
        x, weights, index, p[prefix + "experts_gate_up"], p[prefix + "experts_down"]
    )
    shared = F.linear(swiglu(F.linear(x, p[prefix + "shared_gate_up"])), p[prefix + "shared_down"])
    return routed + shared


def ffn(cfg: ModelConfig, p: Params, layer: int, x: torch.Tensor, ctx: "Context") -> torch.Tensor:
    """Dense or expert feed-forward; x [T,D] → [T,D]."""
    prefix = f"layers.{layer}."
    if layer < cfg.first_k_dense_replace:
        return F.linear(swiglu(F.linear(x, p[prefix + "gate_up"])), p[prefix + "down"])
    return moe(cfg, p, layer, x, ctx)


@dataclasses.dataclass
class Context:
    """What all layers of one forward pass share."""

    cos: torch.Tensor
    sin: torch.Tensor
    scale: float
    bias: dict[int, torch.Tensor]
    load: dict[int, torch.Tensor]
    cache: list[tuple[torch.Tensor, torch.Tensor]] | None = None
    """Collects the keys and values of each layer if set."""


def make_context(cfg: ModelConfig, bias: dict[int, torch.Tensor], length: int) -> Context:
    cos, sin = rope_tables(cfg, length)
    scale = (cfg.qk_nope_head_dim + cfg.qk_rope_head_dim) ** -0.5
    return Context(cos, sin, scale, bias, {})


def decoder_layer(
    cfg: ModelConfig, p: Params, layer: int, x: torch.Tensor, ctx: Context, rows: torch.Tensor | None = None
) -> torch.Tensor:
    """One block; x [B,S,D] → [B,S,D], or [R,D] if only the token rows `rows` [R] are wanted after it."""
    prefix = f"layers.{layer}."
    eps = cfg.rms_norm_eps
    x = x + attention(cfg, p, prefix, rms_norm(x, p[prefix + "attn_norm"], eps), ctx)
    shape = x.shape
    flat = x.reshape(-1, shape[-1])
    if rows is not None:
        flat = flat.index_select(0, rows)
    flat = flat + ffn(cfg, p, layer, rms_norm(flat, p[prefix + "ffn_norm"], eps), ctx)
    return flat if rows is not None else flat.view(shape)


def hidden_states(
    cfg: ModelConfig, p: Params, ids: torch.Tensor, ctx: Context, rows: torch.Tensor | None = None
) -> torch.Tensor:
    """Runs the trunk; ids [B,S] → states after the final norm, [B,S,D] (or [R,D] for chosen rows)."""
    x = F.embedding(ids, p["embed"])
    last = cfg.num_hidden_layers - 1
    for layer in range(cfg.num_hidden_layers):
        x = decoder_layer(cfg, p, layer, x, ctx, rows if layer == last else None)
    return rms_norm(x, p["norm"], cfg.rms_norm_eps)


def mtp_states(
    cfg: ModelConfig, p: Params, ids: torch.Tensor, states: torch.Tensor, ctx: Context, rows: torch.Tensor | None = None
) -> torch.Tensor:
    """MTP layer; ids [B,S], states [B,S,D] after the final norm → states for the head.

    Position i joins the embedding of token i+1 with the trunk state of position i and predicts
    token i+2. The last position has no next token; its row is meaningless.
    """
    n = cfg.num_hidden_layers
    prefix = f"layers.{n}."
    shifted = torch.cat([ids[:, 1:], ids[:, -1:]], 1)
    embedded = F.embedding(shifted, p["embed"].detach())
    eps = cfg.rms_norm_eps
    x = torch.cat([rms_norm(embedded, p[prefix + "enorm"], eps), rms_norm(states, p[prefix + "hnorm"], eps)], -1)
    x = F.linear(x, p[prefix + "eh_proj"])
    x = decoder_layer(cfg, p, n, x, ctx, rows)
    return rms_norm(x, p[prefix + "shared_head_norm"], eps)
