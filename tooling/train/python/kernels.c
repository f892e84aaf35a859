/* Fused element-wise loops for training on CPU. One thread; all arrays are dense float32, row-major.
   T tokens, B sequences of S positions, H heads. Compile with -O3 -march=native -ffast-math. */

#include <math.h>
#include <stdint.h>
#include <string.h>

/* x [n,d] → y [n,d]; r [n] keeps the reciprocal root mean square. */
void rms_forward(const float *x, const float *w, float *y, float *r, int64_t n, int64_t d, float eps) {
  for (int64_t i = 0; i < n; i++) {
    const float *a = x + i * d;
    float sum = 0;
    for (int64_t j = 0; j < d; j++) sum += a[j] * a[j];
    float s = 1.0f / sqrtf(sum / d + eps);
    r[i] = s;
    for (int64_t j = 0; j < d; j++) y[i * d + j] = a[j] * s * w[j];
  }
}

/* Gradients of rms_forward; dw [d] must start at zero. */
void rms_backward(const float *g, const float *x, const float *w, const float *r, float *dx, float *dw, int64_t n,
                  int64_t d) {
  for (int64_t i = 0; i < n; i++) {
    const float *a = x + i * d, *b = g + i * d;
    float s = r[i], dot = 0;
    for (int64_t j = 0; j < d; j++) {
      float normed = a[j] * s;
      dw[j] += b[j] * normed;
      dot += b[j] * w[j] * normed;
    }
    dot /= d;
    for (int64_t j = 0; j < d; j++) dx[i * d + j] = s * (b[j] * w[j] - a[j] * s * dot);
  }
}

/* silu(gate) * up: x [n,2m] → y [n,m]. */
void swiglu_forward(const float *x, float *y, int64_t n, int64_t m) {
  for (int64_t i = 0; i < n; i++) {
    const float *gate = x + i * 2 * m, *up = gate + m;
    float *out = y + i * m;
    for (int64_t j = 0; j < m; j++) out[j] = gate[j] / (1.0f + expf(-gate[j])) * up[j];
  }
}

void swiglu_backward(const float *g, const float *x, float *dx, int64_t n, int64_t m) {
  for (int64_t i = 0; i < n; i++) {
    const float *gate = x + i * 2 * m, *up = gate + m, *b = g + i * m;
    float *dgate = dx + i * 2 * m, *dup = dgate + m;
    for (int64_t j = 0; j < m; j++) {
      float s = 1.0f / (1.0f + expf(-gate[j])), silu = gate[j] * s;
      dup[j] = b[j] * silu;
      dgate[j] = b[j] * up[j] * (s + silu * (1.0f - s));
    }
  }
}

/* Causal softmax in place of rows lo..lo+n of h heads: p [h,n,hi], row i sees columns 0..lo+i. lse [h] rows of
   `stride` apart. */
void softmax_forward(float *p, float *lse, int64_t h, int64_t n, int64_t hi, int64_t lo, int64_t stride) {
  for (int64_t k = 0; k < h; k++)
    for (int64_t i = 0; i < n; i++) {
      float *a = p + (k * n + i) * hi;
      int64_t len = lo + i + 1;
      float top = a[0], sum = 0;
      for (int64_t j = 1; j < len; j++) top = a[j] > top ? a[j] : top;
      for (int64_t j = 0; j < len; j++) {
        float e = expf(a[j] - top);
        a[j] = e;
        sum += e;
      }
      float scale = 1.0f / sum;
      for (int64_t j = 0; j < len; j++) a[j] *= scale;
      memset(a + len, 0, (hi - len) * sizeof(float));
      lse[k * stride + i] = top + logf(sum);
    }
}

/* Probabilities again from scores, in place. */
void softmax_again(float *p, const float *lse, int64_t h, int64_t n, int64_t hi, int64_t lo, int64_t stride) {
  for (int64_t k = 0; k < h; k++)
    for (int64_t i = 0; i < n; i++) {
      float *a = p + (k * n + i) * hi, l = lse[k * stride + i];
      int64_t len = lo + i + 1;
      for (int64_t j = 0; j < len; j++) a[j] = expf(a[j] - l);
      memset(a + len, 0, (hi - len) * sizeof(float));
    }
}

/* d = (d - delta) * p, in place. */
void softmax_backward(float *d, const float *p, const float *delta, int64_t h, int64_t n, int64_t hi, int64_t stride) {
  for (int64_t k = 0; k < h; k++)
    for (int64_t i = 0; i < n; i++) {
      float *a = d + (k * n + i) * hi, x = delta[k * stride + i];
      const float *b = p + (k * n + i) * hi;
      for (int64_t j = 0; j < hi; j++) a[j] = (a[j] - x) * b[j];
    }
}

/* Rotates interleaved pairs of x [2*half] to half layout; sign -1 is the inverse layout's transpose, see unrotate. */
static inline void rotate(const float *x, float *y, const float *c, const float *s, int64_t half, float scale) {
  for (int64_t j = 0; j < half; j++) {
    y[j] = (x[2 * j] * c[j] - x[2 * j + 1] * s[j]) * scale;
    y[half + j] = (x[2 * j + 1] * c[j] + x[2 * j] * s[j]) * scale;
  }
}

/* Adds the transpose of `rotate` applied to g. */
static inline void unrotate_add(const float *g, float *x, const float *c, const float *s, int64_t half, float scale) {
  for (int64_t j = 0; j < half; j++) {
    x[2 * j] += (g[j] * c[j] + g[half + j] * s[j]) * scale;
    x[2 * j + 1] += (g[half + j] * c[j] - g[j] * s[j]) * scale;
  }
}

/* q [B,S,H,nope+rope] → out [B,H,S,nope+rope], rope part rotated, everything scaled. cos, sin [S,rope/2]. */
void pack_query(const float *q, float *out, const float *cos, const float *sin, int64_t b, int64_t s, int64_t h,
                int64_t nope, int64_t rope, float scale) {
  int64_t e = nope + rope, half = rope / 2;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < s; t++)
      for (int64_t k = 0; k < h; k++) {
        const float *src = q + ((i * s + t) * h + k) * e;
        float *dst = out + ((i * h + k) * s + t) * e;
        for (int64_t j = 0; j < nope; j++) dst[j] = src[j] * scale;
        rotate(src + nope, dst + nope, cos + t * half, sin + t * half, half, scale);
      }
}

/* Gradient of pack_query; dq must start at zero. */
void unpack_query(const float *g, float *dq, const float *cos, const float *sin, int64_t b, int64_t s, int64_t h,
                  int64_t nope, int64_t rope, float scale) {
  int64_t e = nope + rope, half = rope / 2;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < s; t++)
      for (int64_t k = 0; k < h; k++) {
        float *dst = dq + ((i * s + t) * h + k) * e;
        const float *src = g + ((i * h + k) * s + t) * e;
        for (int64_t j = 0; j < nope; j++) dst[j] = src[j] * scale;
        unrotate_add(src + nope, dst + nope, cos + t * half, sin + t * half, half, scale);
      }
}

/* kv [B,S,H,nope+v] and the shared key part kr (rows of `kr_stride`, first rope values) → k [B,H,S,nope+rope] and
   val [B,H,S,v]. */
void pack_key(const float *kv, const float *kr, int64_t kr_stride, float *k, float *val, const float *cos,
              const float *sin, int64_t b, int64_t s, int64_t h, int64_t nope, int64_t rope, int64_t v) {
  int64_t e = nope + rope, half = rope / 2;
  float rotated[256];
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < s; t++) {
      rotate(kr + (i * s + t) * kr_stride, rotated, cos + t * half, sin + t * half, half, 1.0f);
      for (int64_t m = 0; m < h; m++) {
        const float *src = kv + ((i * s + t) * h + m) * (nope + v);
        float *dst = k + ((i * h + m) * s + t) * e;
        memcpy(dst, src, nope * sizeof(float));
        memcpy(dst + nope, rotated, rope * sizeof(float));
        memcpy(val + ((i * h + m) * s + t) * v, src + nope, v * sizeof(float));
      }
    }
}

/* Gradient of pack_key: gk, gv → dkv [B,S,H,nope+v], dkr [B*S,rope] (must start at zero). */
void unpack_key(const float *gk, const float *gv, float *dkv, float *dkr, const float *cos, const float *sin,
                int64_t b, int64_t s, int64_t h, int64_t nope, int64_t rope, int64_t v) {
  int64_t e = nope + rope, half = rope / 2;
  float sum[256];
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < s; t++) {
      memset(sum, 0, sizeof sum);
      for (int64_t m = 0; m < h; m++) {
        const float *src = gk + ((i * h + m) * s + t) * e;
        float *dst = dkv + ((i * s + t) * h + m) * (nope + v);
        memcpy(dst, src, nope * sizeof(float));
        for (int64_t j = 0; j < rope; j++) sum[j] += src[nope + j];
        memcpy(dst + nope, gv + ((i * h + m) * s + t) * v, v * sizeof(float));
      }
      unrotate_add(sum, dkr + (i * s + t) * rope, cos + t * half, sin + t * half, half, 1.0f);
    }
}

/* y[t] = sum over k of w[t,k] * x[place[t,k]]; x [T*K,d], y [T,d]. w may be null: then all weights are 1. */
void gather_sum(const float *x, const float *w, const int64_t *place, float *y, int64_t n, int64_t top, int64_t d) {
  for (int64_t t = 0; t < n; t++) {
    float *out = y + t * d;
    for (int64_t k = 0; k < top; k++) {
      const float *src = x + place[t * top + k] * d;
      float a = w ? w[t * top + k] : 1.0f;
      if (k == 0)
        for (int64_t j = 0; j < d; j++) out[j] = a * src[j];
      else
        for (int64_t j = 0; j < d; j++) out[j] += a * src[j];
    }
  }
}

/* Gradient of gather_sum with weights: gy [T,d] → gx [T*K,d], gw [T,K]. */
void gather_sum_backward(const float *gy, const float *x, const float *w, const int64_t *place, float *gx, float *gw,
                         int64_t n, int64_t top, int64_t d) {
  for (int64_t t = 0; t < n; t++)
    for (int64_t k = 0; k < top; k++) {
      int64_t at = place[t * top + k] * d;
      float a = w[t * top + k], dot = 0;
      for (int64_t j = 0; j < d; j++) {
        dot += gy[t * d + j] * x[at + j];
        gx[at + j] = a * gy[t * d + j];
      }
      gw[t * top + k] = dot;
    }
}
