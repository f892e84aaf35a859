/** The one place where arguments are validated: a wrapper around any backend. */
import type { Backend, OpName, Ops } from '../backend.ts'
import {
  checkAttention,
  checkLatentAttention,
  checkRope,
  checkWriteKv,
  checkWriteLatent,
} from './attention.ts'
import { checkAdd, checkConcat, checkSiluMul } from './elementwise.ts'
import { checkMoe, checkRoute } from './experts.ts'
import { checkLinear, checkRmsNorm } from './linear.ts'
import { LiveBuffers } from './live-buffers.ts'
import { checkMemory } from './memory.ts'
import { checkEmbed, checkSelectRows } from './rows.ts'

/** Each throws for a mistake, and says whether there is anything to compute. */
const checks: { readonly [Name in OpName]: (args: Parameters<Ops[Name]>[0], live: LiveBuffers) => boolean } =
  {
    embed: checkEmbed,
    rmsNorm: checkRmsNorm,
    linear: checkLinear,
    rope: checkRope,
    writeLatent: checkWriteLatent,
    latentAttention: checkLatentAttention,
    writeKv: checkWriteKv,
    attention: checkAttention,
    route: checkRoute,
    moe: checkMoe,
    siluMul: checkSiluMul,
    add: checkAdd,
    concat: checkConcat,
    selectRows: checkSelectRows,
  }

/**
 * The same backend, with every argument validated before it reaches a kernel: dtype, shape, place in the
 * buffer, overlap of `out` with inputs, ranges of numbers, and that each buffer came from this wrapper's
 * `alloc` and is not freed. Throws `DTypeError`, `ShapeError` or `ArgumentError`, each naming operation,
 * tensor, what was expected and what came. A call with 0 tokens ends here. The backend sees `dispose` once. Contents of index tensors are the
 * backend's to check (`IndexError`).
 */
export function checked(backend: Backend): Backend {
  const live = new LiveBuffers()
  const wrap =
    <Name extends OpName>(name: Name): Ops[Name] =>
    (args: never) => {
      if (checks[name](args, live)) backend.ops[name](args)
    }
  const ops: Ops = {
    embed: wrap('embed'),
    rmsNorm: wrap('rmsNorm'),
    linear: wrap('linear'),
    rope: wrap('rope'),
    writeLatent: wrap('writeLatent'),
    latentAttention: wrap('latentAttention'),
    writeKv: wrap('writeKv'),
    attention: wrap('attention'),
    route: wrap('route'),
    moe: wrap('moe'),
    siluMul: wrap('siluMul'),
    add: wrap('add'),
    concat: wrap('concat'),
    selectRows: wrap('selectRows'),
  }
  return { info: backend.info, ops, ...checkMemory(backend, live) }
}
