"""Greedy decoding with a cache of keys and values."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from model import Context, ModelConfig, Params, ffn, hidden_states, make_context, rms_norm

EOS, PAD = 1, 2


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotates interleaved pairs of x [B,H,rope] into half layout, as kernels.c does; cos, sin [B,rope/2]."""
    cos, sin = cos[:, None], sin[:, None]
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def attend(cfg: ModelConfig, p: Params, prefix: str, x, keys, values, position, ctx: Context) -> torch.Tensor:
    """Attention of one new token per sequence; x [B,D], keys and values [B,H,S,..] are updated in place."""
    b, h, nope, rope = x.shape[0], cfg.num_attention_heads, cfg.qk_nope_head_dim, cfg.qk_rope_head_dim
    cos, sin = ctx.cos[position], ctx.sin[position]
    q = rms_norm(F.linear(x, p[prefix + "q_a"]), p[prefix + "q_norm"], 1e-6)
    q = F.linear(q, p[prefix + "q_b"]).view(b, h, nope + rope)
    q = torch.cat([q[..., :nope], rotate(q[..., nope:], cos, sin)], -1) * ctx.scale
    kv = F.linear(x, p[prefix + "kv_a"])
    shared = rotate(kv[:, None, cfg.kv_lora_rank :], cos, sin).expand(b, h, rope)
    latent = rms_norm(kv[:, : cfg.kv_lora_rank], p[prefix + "kv_norm"], 1e-6)
    kv = F.linear(latent, p[prefix + "kv_b"]).view(b, h, nope + cfg.v_head_dim)
    rows = torch.arange(b)
    keys[rows, :, position] = torch.cat([kv[..., :nope], shared], -1)
    values[rows, :, position] = kv[..., nope:]
    length = int(position.max()) + 1
    scores = torch.einsum("bhe,bhse->bhs", q, keys[:, :, :length])
    scores = scores.masked_fill(torch.arange(length) > position[:, None, None], float("-inf"))
    out = torch.einsum("bhs,bhsv->bhv", scores.softmax(-1), values[:, :, :length])
    return F.linear(out.reshape(b, -1), p[prefix + "o"])


@torch.no_grad()
def greedy(cfg: ModelConfig, p: Params, bias, prompts: list[list[int]], limit: int, group: int = 50) -> list[list[int]]:
    """Greedy continuations of each prompt, without the end token; at most `limit` tokens."""
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    result: list[list[int]] = [[] for _ in prompts]
    for lo in range(0, len(order), group):
        part = order[lo : lo + group]
        length = max(len(prompts[i]) for i in part)
        ids = torch.tensor([prompts[i] + [PAD] * (length - len(prompts[i])) for i in part])
        ctx = make_context(cfg, bias, length + limit)
        ctx.cache = []
        last = torch.tensor([row * length + len(prompts[i]) - 1 for row, i in enumerate(part)])
        states = hidden_states(cfg, p, ids, ctx, last)
        cache = [tuple(F.pad(t, (0, 0, 0, limit)) for t in pair) for pair in ctx.cache]
        ctx.cache = None
        position = torch.tensor([len(prompts[i]) for i in part])
        live = torch.ones(len(part), dtype=torch.bool)
        for _ in range(limit):
            token = F.linear(states, p["head"]).argmax(-1)
            live &= token != EOS
            for row in live.nonzero().flatten().tolist():
                result[part[row]].append(int(token[row]))
            if not live.any():
                break
            x = F.embedding(token, p["embed"])
            for layer, (keys, values) in enumerate(cache):
                prefix = f"layers.{layer}."
                normed = rms_norm(x, p[prefix + "attn_norm"], cfg.rms_norm_eps)
                x = x + attend(cfg, p, prefix, normed, keys, values, position, ctx)
                x = x + ffn(cfg, p, layer, rms_norm(x, p[prefix + "ffn_norm"], cfg.rms_norm_eps), ctx)
            states = rms_norm(x, p["norm"], cfg.rms_norm_eps)
            position = position + 1
    return result
