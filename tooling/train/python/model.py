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


class _RmsNorm(torch.autograd.Function):
    """RMSNorm with few passes over memory; x [.., D]."""

    @staticmethod
    def forward(ctx, x, weight, eps):
        r = torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)
        ctx.save_for_backward(x, weight, r)
        return x * r * weight

    @staticmethod
    def backward(ctx, grad):
        x, weight, r = ctx.saved_tensors
        normed = x * r
        grad_weight = (grad * normed).flatten(0, -2).sum(0)
        g = grad * weight
        grad_x = r * (g - normed * (g * normed).mean(-1, keepdim=True))
        return grad_x, grad_weight, None


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    return _RmsNorm.apply(x, weight, eps)


class _SwiGlu(torch.autograd.Function):
    """silu(gate) * up from a fused [.., 2M] tensor → [.., M]."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        gate, up = x.chunk(2, -1)
        return F.silu(gate) * up

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        gate, up = x.chunk(2, -1)
        m = gate.shape[-1]
        out = torch.empty_like(x)
        s = torch.sigmoid(gate)
        silu = gate * s
        torch.mul(grad, silu, out=out[..., m:])
        # silu'(g) = s + silu * (1 - s)
        out[..., :m] = (s + silu - silu * s) * up * grad
        return out


def swiglu(x: torch.Tensor) -> torch.Tensor:
    return _SwiGlu.apply(x)


def rope_tables(cfg: ModelConfig, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin, each [S, rope/2]."""
    half = cfg.qk_rope_head_dim // 2
    freqs = 1.0 / cfg.rope_theta ** (torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(length, dtype=torch.float32)[:, None] * freqs
    return angles.cos(), angles.sin()


def apply_rope(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotates interleaved pairs (x0,x1),(x2,x3).. of x [B,S,..,rope].

    The result is in half layout (all first members, then all second members): a permutation applied
    to queries and keys alike, which leaves their dot products unchanged.
    """
    while cos.dim() < x.dim() - 1:
        cos, sin = cos.unsqueeze(-2), sin.unsqueeze(-2)
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


CHUNK = 64
"""Query rows handled at a time, so that the scores stay in the second-level cache."""


def _scores(q: torch.Tensor, k: torch.Tensor, lo: int, hi: int, buffer: torch.Tensor, mask: torch.Tensor):
    """Masked scores of query rows lo..hi; q, k [H,S,E] → [H,hi-lo,hi], written into `buffer`."""
    heads, n = q.shape[0], hi - lo
    out = buffer[: heads * n * hi].view(heads, n, hi)
    torch.bmm(q[:, lo:hi], k[:, :hi].transpose(1, 2), out=out)
    out[:, :, lo:].add_(mask[:n, :n])
    return out


class _CausalAttention(torch.autograd.Function):
    """Causal attention in small chunks; q, k [B,H,S,E] (q scaled), v [B,H,S,V] → [B,H,S,V].

    Skips the masked half and recomputes the probabilities in the backward pass: with few cores, memory
    traffic and page faults of full score matrices cost more than the arithmetic.
    """

    @staticmethod
    def forward(ctx, q, k, v, mask):
        b, h, s, _ = q.shape
        out, lse = torch.empty_like(v), q.new_empty(b, h, s, 1)
        buffer = q.new_empty(h * CHUNK * s)
        for i in range(b):
            for lo in range(0, s, CHUNK):
                hi = min(lo + CHUNK, s)
                p = _scores(q[i], k[i], lo, hi, buffer, mask)
                top = p.amax(-1, keepdim=True)
                p.sub_(top).exp_()
                total = p.sum(-1, keepdim=True)
                torch.div(torch.bmm(p, v[i, :, :hi]), total, out=out[i, :, lo:hi])
                torch.add(top, total.log_(), out=lse[i, :, lo:hi])
        ctx.save_for_backward(q, k, v, mask, out, lse)
        return out

    @staticmethod
    def backward(ctx, grad):
        q, k, v, mask, out, lse = ctx.saved_tensors
        b, h, s, _ = q.shape
        grad = grad.contiguous()
        delta = (grad * out).sum(-1, keepdim=True)
        grad_q, grad_k, grad_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        buffer, buffer2 = q.new_empty(h * CHUNK * s), q.new_empty(h * CHUNK * s)
        for i in range(b):
            for lo in range(0, s, CHUNK):
                hi = min(lo + CHUNK, s)
                p = _scores(q[i], k[i], lo, hi, buffer, mask)
                p.sub_(lse[i, :, lo:hi]).exp_()
                g = grad[i, :, lo:hi]
                grad_v[i, :, :hi].baddbmm_(p.transpose(1, 2), g)
                d = buffer2[: p.numel()].view(p.shape)
                torch.bmm(g, v[i, :, :hi].transpose(1, 2), out=d)
                d.sub_(delta[i, :, lo:hi]).mul_(p)
                torch.bmm(d, k[i, :, :hi], out=grad_q[i, :, lo:hi])
                grad_k[i, :, :hi].baddbmm_(d.transpose(1, 2), q[i, :, lo:hi])
        return grad_q, grad_k, grad_v, None


def attention(cfg: ModelConfig, p: Params, prefix: str, x: torch.Tensor, ctx: "Context") -> torch.Tensor:
    """Multi-head latent attention in its expanded form; x [B,S,D] → [B,S,D]."""
    b, s, _ = x.shape
    h, nope, rope, v_dim = cfg.num_attention_heads, cfg.qk_nope_head_dim, cfg.qk_rope_head_dim, cfg.v_head_dim
    eps = 1e-6
    q = rms_norm(F.linear(x, p[prefix + "q_a"]), p[prefix + "q_norm"], eps)
    q = F.linear(q, p[prefix + "q_b"]).view(b, s, h, nope + rope)
    q_rot = apply_rope(q[..., nope:], ctx.cos, ctx.sin)
    q = (torch.cat([q[..., :nope], q_rot], -1) * ctx.scale).transpose(1, 2).contiguous()
    kv = F.linear(x, p[prefix + "kv_a"])
    latent = rms_norm(kv[..., : cfg.kv_lora_rank].contiguous(), p[prefix + "kv_norm"], eps)
    k_rot = apply_rope(kv[..., cfg.kv_lora_rank :], ctx.cos, ctx.sin)
    kv = F.linear(latent, p[prefix + "kv_b"]).view(b, s, h, nope + v_dim)
    k = torch.cat([kv[..., :nope], k_rot[:, :, None].expand(b, s, h, rope)], -1).transpose(1, 2).contiguous()
    v = kv[..., nope:].transpose(1, 2).contiguous()
    out = _CausalAttention.apply(q, k, v, ctx.mask)
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


class _Experts(torch.autograd.Function):
    """SwiGLU experts over tokens sorted by expert: x [N,D] → [N,D], with row ranges `bounds`.

    Written by hand so that each expert's weight gradient goes straight into one [E,..] tensor.
    """

    @staticmethod
    def forward(ctx, x, gate_up, down, bounds):
        hidden = x.new_empty(x.shape[0], gate_up.shape[1])
        out = torch.empty_like(x)
        gate_up_t, down_t = gate_up.transpose(1, 2), down.transpose(1, 2)
        for e, (lo, hi) in enumerate(bounds):
            torch.mm(x[lo:hi], gate_up_t[e], out=hidden[lo:hi])
        gate, up = hidden.chunk(2, -1)
        act = F.silu(gate) * up
        for e, (lo, hi) in enumerate(bounds):
            torch.mm(act[lo:hi], down_t[e], out=out[lo:hi])
        ctx.save_for_backward(x, gate_up, down, hidden, act)
        ctx.bounds = bounds
        return out

    @staticmethod
    def backward(ctx, grad):
        x, gate_up, down, hidden, act = ctx.saved_tensors
        grad = grad.contiguous()
        grad_gate_up, grad_down = torch.empty_like(gate_up), torch.empty_like(down)
        grad_act = torch.empty_like(act)
        for e, (lo, hi) in enumerate(ctx.bounds):
            torch.mm(grad[lo:hi].t(), act[lo:hi], out=grad_down[e])
            torch.mm(grad[lo:hi], down[e], out=grad_act[lo:hi])
        gate, up = hidden.chunk(2, -1)
        m = gate.shape[-1]
        grad_hidden = torch.empty_like(hidden)
        s = torch.sigmoid(gate)
        silu = gate * s
        torch.mul(grad_act, silu, out=grad_hidden[:, m:])
        grad_hidden[:, :m] = (s + silu - silu * s) * up * grad_act
        grad_x = torch.empty_like(x)
        for e, (lo, hi) in enumerate(ctx.bounds):
            torch.mm(grad_hidden[lo:hi].t(), x[lo:hi], out=grad_gate_up[e])
            torch.mm(grad_hidden[lo:hi], gate_up[e], out=grad_x[lo:hi])
        return grad_x, grad_gate_up, grad_down, None


def moe(cfg: ModelConfig, p: Params, layer: int, x: torch.Tensor, ctx: "Context") -> torch.Tensor:
    """Routed experts plus the shared expert; x [T,D] → [T,D]."""
    prefix = f"layers.{layer}."
    weights, index = route(cfg, p[prefix + "gate"], ctx.bias[layer], x)
    k = cfg.num_experts_per_tok
    flat = index.view(-1)
    order = torch.argsort(flat, stable=True)
    counts = torch.bincount(flat, minlength=cfg.n_routed_experts)
    ctx.load[layer] = counts
    ends = counts.cumsum(0).tolist()
    bounds = list(zip([0, *ends[:-1]], ends))
    sorted_x = x.index_select(0, order // k)
    out = _Experts.apply(sorted_x, p[prefix + "experts_gate_up"], p[prefix + "experts_down"], bounds)
    position = torch.empty_like(order)
    position[order] = torch.arange(order.shape[0])
    out = out.index_select(0, position).view(-1, k, x.shape[1])
    routed = (out * weights[..., None]).sum(1)
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
    mask: torch.Tensor
    scale: float
    bias: dict[int, torch.Tensor]
    load: dict[int, torch.Tensor]


def make_context(cfg: ModelConfig, bias: dict[int, torch.Tensor], length: int) -> Context:
    cos, sin = rope_tables(cfg, length)
    mask = torch.full((CHUNK, CHUNK), -math.inf).triu(1)
    scale = (cfg.qk_nope_head_dim + cfg.qk_rope_head_dim) ** -0.5
    return Context(cos, sin, mask, scale, bias, {})


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
