"""FP8 rounding as in DeepSeek-V3.1: E4M3 codes with one power-of-two scale per 128x128 block.

Scale rule: s = 2^ceil(log2(max(amax, 1e-4) / 448)), computed on the bits of the float32 quotient.
All functions take float32 tensors [.., R, C]; leading axes are separate matrices.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

BLOCK = 128
MAX = 448.0
MIN_AMAX = 1e-4


def ceil_power_of_two(x: torch.Tensor) -> torch.Tensor:
    """The least power of two >= x, for positive normal float32 values."""
    bits = x.contiguous().view(torch.int32)
    return ((bits + 0x007FFFFF) & 0x7F800000).view(torch.float32)


def block_scales(w: torch.Tensor) -> torch.Tensor:
    """Scale of each block: [.., R, C] → [.., ceil(R/128), ceil(C/128)]."""
    rows, cols = w.shape[-2:]
    padded = F.pad(w.abs(), (0, -cols % BLOCK, 0, -rows % BLOCK))
    blocks = padded.unflatten(-1, (-1, BLOCK)).unflatten(-3, (-1, BLOCK))
    return ceil_power_of_two(blocks.amax((-1, -3)).clamp_min(MIN_AMAX) / MAX)


def expand_scales(scales: torch.Tensor, rows: int, cols: int) -> torch.Tensor:
    """Scales per element, [.., R, C]."""
    return scales.repeat_interleave(BLOCK, -2)[..., :rows, :].repeat_interleave(BLOCK, -1)[..., :cols]


def quantize(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes (float8_e4m3fn) [.., R, C] and scales (float32)."""
    scales = block_scales(w)
    full = expand_scales(scales, *w.shape[-2:])
    return (w / full).clamp(-MAX, MAX).to(torch.float8_e4m3fn), scales


def dequantize(codes: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """float32 values; exact, because the scales are powers of two."""
    return codes.float() * expand_scales(scales, *codes.shape[-2:])


def fake_quantize(w: torch.Tensor) -> torch.Tensor:
    """The values the checkpoint will hold for w."""
    return dequantize(*quantize(w))
