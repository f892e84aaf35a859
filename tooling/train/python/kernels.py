"""Loads kernels.c (compiled on first use) and wraps its loops as differentiable functions.

Needs a C compiler (`cc`, or the one named by the environment variable CC).
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
from pathlib import Path

import torch

from paths import DATA, HERE

FLAGS = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-shared", "-fPIC"]
CHUNK = 64
"""Query rows handled at a time, so that the scores stay in the second-level cache."""


def _load() -> ctypes.CDLL:
    source = HERE / "kernels.c"
    digest = hashlib.sha256(source.read_bytes() + " ".join(FLAGS).encode()).hexdigest()[:12]
    library = DATA / "build" / f"kernels-{digest}.so"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        partial = library.with_suffix(f".{os.getpid()}")
        subprocess.run([os.environ.get("CC", "cc"), *FLAGS, str(source), "-o", str(partial), "-lm"], check=True)
        partial.replace(library)
    return ctypes.CDLL(str(library))


_lib = _load()


def _call(name: str, *args) -> None:
    """Calls a kernel; tensors are passed as pointers, ints as int64 and floats as float."""
    converted = []
    for a in args:
        if isinstance(a, torch.Tensor):
            converted.append(ctypes.c_void_p(a.data_ptr()))
        elif isinstance(a, float):
            converted.append(ctypes.c_float(a))
        elif a is None:
            converted.append(ctypes.c_void_p(0))
        else:
            converted.append(ctypes.c_int64(a))
    getattr(_lib, name)(*converted)


class _RmsNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, eps):
        x, weight = x.contiguous(), weight.contiguous()
        d = x.shape[-1]
        y, r = torch.empty_like(x), x.new_empty(x.numel() // d)
        _call("rms_forward", x, weight, y, r, len(r), d, eps)
        ctx.save_for_backward(x, weight, r)
        return y

    @staticmethod
    def backward(ctx, grad):
        x, weight, r = ctx.saved_tensors
        grad, dx, dw = grad.contiguous(), torch.empty_like(x), torch.zeros_like(weight)
        _call("rms_backward", grad, x, weight, r, dx, dw, len(r), x.shape[-1])
        return dx, dw, None


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    """RMSNorm over the last axis."""
    return _RmsNorm.apply(x, weight, eps)


def swiglu_forward(x: torch.Tensor) -> torch.Tensor:
    y = x.new_empty(*x.shape[:-1], x.shape[-1] // 2)
    _call("swiglu_forward", x, y, x.numel() // x.shape[-1], y.shape[-1])
    return y


def swiglu_backward(grad: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    dx = torch.empty_like(x)
    _call("swiglu_backward", grad, x, dx, x.numel() // x.shape[-1], x.shape[-1] // 2)
    return dx


class _SwiGlu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x = x.contiguous()
        ctx.save_for_backward(x)
        return swiglu_forward(x)

    @staticmethod
    def backward(ctx, grad):
        return swiglu_backward(grad.contiguous(), ctx.saved_tensors[0])


def swiglu(x: torch.Tensor) -> torch.Tensor:
    """silu(gate) * up from a fused [.., 2M] tensor → [.., M]."""
    return _SwiGlu.apply(x)


class _PackQuery(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, cos, sin, rope, scale):
        b, s, h, e = q.shape
        q, out = q.contiguous(), q.new_empty(b, h, s, e)
        ctx.save_for_backward(cos, sin)
        ctx.rest = (b, s, h, e - rope, rope, scale)
        _call("pack_query", q, out, cos, sin, *ctx.rest)
        return out

    @staticmethod
    def backward(ctx, grad):
        cos, sin = ctx.saved_tensors
        b, s, h, nope, rope, _ = ctx.rest
        grad, dq = grad.contiguous(), grad.new_zeros(b, s, h, nope + rope)
        _call("unpack_query", grad, dq, cos, sin, *ctx.rest)
        return dq, None, None, None, None


def pack_query(q: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, rope: int, scale: float) -> torch.Tensor:
    """q [B,S,H,nope+rope] → [B,H,S,nope+rope], scaled, with the rope part rotated.

    Interleaved pairs (x0,x1),(x2,x3).. are rotated and stored in half layout (all first members, then
    all second ones): a permutation applied to queries and keys alike, so dot products are unchanged.
    """
    return _PackQuery.apply(q, cos, sin, rope, scale)


class _PackKey(torch.autograd.Function):
    @staticmethod
    def forward(ctx, kv, k_rot, cos, sin, nope):
        b, s, h, width = kv.shape
        kv, rope = kv.contiguous(), k_rot.shape[-1]
        k, v = kv.new_empty(b, h, s, nope + rope), kv.new_empty(b, h, s, width - nope)
        ctx.save_for_backward(cos, sin)
        ctx.rest = (b, s, h, nope, rope, width - nope)
        _call("pack_key", kv, k_rot.contiguous(), rope, k, v, cos, sin, *ctx.rest)
        return k, v

    @staticmethod
    def backward(ctx, grad_k, grad_v):
        cos, sin = ctx.saved_tensors
        b, s, h, nope, rope, v_dim = ctx.rest
        grad_k, grad_v = grad_k.contiguous(), grad_v.contiguous()
        dkv, dkr = grad_k.new_empty(b, s, h, nope + v_dim), grad_k.new_zeros(b, s, rope)
        _call("unpack_key", grad_k, grad_v, dkv, dkr, cos, sin, *ctx.rest)
        return dkv, dkr, None, None, None


def pack_key(kv: torch.Tensor, k_rot: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, nope: int):
    """kv [B,S,H,nope+V] and the shared key part k_rot [B,S,rope] → k [B,H,S,nope+rope], v [B,H,S,V]."""
    return _PackKey.apply(kv, k_rot, cos, sin, nope)


def _scores(q: torch.Tensor, k: torch.Tensor, lo: int, hi: int, buffer: torch.Tensor) -> torch.Tensor:
    """Scores of query rows lo..hi; q, k [H,S,E] → [H,hi-lo,hi], written into `buffer`."""
    heads, n = q.shape[0], hi - lo
    out = buffer[: heads * n * hi].view(heads, n, hi)
    torch.bmm(q[:, lo:hi], k[:, :hi].transpose(1, 2), out=out)
    return out


class _CausalAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v):
        b, h, s, _ = q.shape
        out, lse = torch.empty_like(v), q.new_empty(b, h, s)
        buffer = q.new_empty(h * CHUNK * s)
        for i in range(b):
            for lo in range(0, s, CHUNK):
                hi = min(lo + CHUNK, s)
                p = _scores(q[i], k[i], lo, hi, buffer)
                _call("softmax_forward", p, lse[i, 0, lo:], h, hi - lo, hi, lo, s)
                torch.bmm(p, v[i, :, :hi], out=out[i, :, lo:hi])
        ctx.save_for_backward(q, k, v, out, lse)
        return out

    @staticmethod
    def backward(ctx, grad):
        q, k, v, out, lse = ctx.saved_tensors
        b, h, s, _ = q.shape
        grad = grad.contiguous()
        delta = (grad * out).sum(-1)
        grad_q, grad_k, grad_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        buffer, buffer2 = q.new_empty(h * CHUNK * s), q.new_empty(h * CHUNK * s)
        for i in range(b):
            for lo in range(0, s, CHUNK):
                hi = min(lo + CHUNK, s)
                n = hi - lo
                p = _scores(q[i], k[i], lo, hi, buffer)
                _call("softmax_again", p, lse[i, 0, lo:], h, n, hi, lo, s)
                g = grad[i, :, lo:hi]
                grad_v[i, :, :hi].baddbmm_(p.transpose(1, 2), g)
                d = buffer2[: p.numel()].view(p.shape)
                torch.bmm(g, v[i, :, :hi].transpose(1, 2), out=d)
                _call("softmax_backward", d, p, delta[i, 0, lo:], h, n, hi, s)
                torch.bmm(d, k[i, :, :hi], out=grad_q[i, :, lo:hi])
                grad_k[i, :, :hi].baddbmm_(d.transpose(1, 2), q[i, :, lo:hi])
        return grad_q, grad_k, grad_v


def causal_attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Causal attention; q, k [B,H,S,E] (q scaled), v [B,H,S,V] → [B,H,S,V].

    Works in small chunks, skips the masked half and recomputes the probabilities in the backward pass:
    with few cores, memory traffic of full score matrices costs more than the arithmetic.
    """
    return _CausalAttention.apply(q, k, v)


class _Experts(torch.autograd.Function):
    """Written by hand so that each expert's weight gradient goes straight into one [E,..] tensor."""

    @staticmethod
    def forward(ctx, x, weights, place, source, bounds, gate_up, down):
        n, d = x.shape
        top = place.shape[1]
        sorted_x = x.index_select(0, source)
        hidden = x.new_empty(n * top, gate_up.shape[1])
        out = torch.empty_like(sorted_x)
        for e, (lo, hi) in enumerate(bounds):
            torch.mm(sorted_x[lo:hi], gate_up[e].t(), out=hidden[lo:hi])
        act = swiglu_forward(hidden)
        for e, (lo, hi) in enumerate(bounds):
            torch.mm(act[lo:hi], down[e].t(), out=out[lo:hi])
        y, weights = torch.empty_like(x), weights.contiguous()
        _call("gather_sum", out, weights, place, y, n, top, d)
        ctx.save_for_backward(sorted_x, weights, place, gate_up, down, hidden, act, out)
        ctx.bounds = bounds
        return y

    @staticmethod
    def backward(ctx, grad):
        sorted_x, weights, place, gate_up, down, hidden, act, out = ctx.saved_tensors
        n, top = place.shape
        d = sorted_x.shape[1]
        grad, grad_out, grad_weights = grad.contiguous(), torch.empty_like(out), torch.empty_like(weights)
        _call("gather_sum_backward", grad, out, weights, place, grad_out, grad_weights, n, top, d)
        grad_gate_up, grad_down = torch.empty_like(gate_up), torch.empty_like(down)
        grad_act = torch.empty_like(act)
        for e, (lo, hi) in enumerate(ctx.bounds):
            torch.mm(grad_out[lo:hi].t(), act[lo:hi], out=grad_down[e])
            torch.mm(grad_out[lo:hi], down[e], out=grad_act[lo:hi])
        grad_hidden = swiglu_backward(grad_act, hidden)
        for e, (lo, hi) in enumerate(ctx.bounds):
            torch.mm(grad_hidden[lo:hi].t(), sorted_x[lo:hi], out=grad_gate_up[e])
            torch.mm(grad_hidden[lo:hi], gate_up[e], out=grad_out[lo:hi])
        grad_x = torch.empty_like(grad)
        _call("gather_sum", grad_out, None, place, grad_x, n, top, d)
        return grad_x, grad_weights, None, None, None, grad_gate_up, grad_down


def experts(x, weights, index, gate_up, down):
    """Weighted sum of the chosen SwiGLU experts; x [T,D], weights and index [T,K] → ([T,D], load [E])."""
    count, top = gate_up.shape[0], index.shape[1]
    flat = index.reshape(-1)
    order = torch.argsort(flat, stable=True)
    load = torch.bincount(flat, minlength=count)
    ends = load.cumsum(0).tolist()
    place = torch.empty_like(order)
    place[order] = torch.arange(len(order))
    bounds = list(zip([0, *ends[:-1]], ends))
    y = _Experts.apply(x.contiguous(), weights, place.view(-1, top), order // top, bounds, gate_up, down)
    return y, load
