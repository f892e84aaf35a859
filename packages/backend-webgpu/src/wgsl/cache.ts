/** Caches in a program that reads them: f32, bf16 or f16, or E4M3 with a scale for each group of a row. */
import { type CacheTensor, cacheShape, isBlockScaled, numel } from '@octoscale/tensor'
import { reads, type Use } from './program.ts'

/** What a program needs for the cache `name`. */
export interface CacheUse {
  /** Distinguishes programs whose functions differ. */
  readonly kind: string
  readonly tensors: Readonly<Record<string, Use>>
  readonly numbers: Readonly<Record<string, number>>
  /** `fn <name>_value(row, column) -> f32`, the column counted through the whole row. */
  readonly functions: string
}

export function cacheUse(name: string, cache: CacheTensor): CacheUse {
  const [, ...row] = cacheShape(cache)
  const stride = { [`${name}_stride`]: numel(row) }
  const open = `
fn ${name}_value(row: u32, column: u32) -> f32 {
  let value = ${name}(row * params.${name}_stride + column);`
  if (!isBlockScaled(cache)) {
    return {
      kind: 'dense',
      tensors: { [name]: reads(cache) },
      numbers: stride,
      functions: `${open}
  return value;
}
`,
    }
  }
  const { codes, scales, block } = cache
  return {
    kind: 'groups',
    tensors: { [name]: reads(codes), [`${name}_scales`]: reads(scales) },
    numbers: { ...stride, [`${name}_groups`]: scales.shape[1]!, [`${name}_group`]: block[1] },
    functions: `${open}
  return value * ${name}_scales(row * params.${name}_groups + column / params.${name}_group);
}
`,
  }
}
