/** One thread's share of one operation, and the loop in which threads run a recorded step. */
import { AddOp, runAdd } from './add'
import { AttentionOp, runAttention } from './attention'
import { barrier, Control, control, enter, thread, waitWhile } from './control'
import { Descriptor, Op } from './descriptor'
import { EmbedOp, runEmbed } from './embed'
import { QuantizeOp, RecodeOp, runQuantize, runRecode } from './int8'
import { runSumCodes, SumCodesOp } from './integers'
import {
  AbsorbQueryOp,
  LatentAttendOp,
  LatentOutputOp,
  runAbsorbQuery,
  runLatentAttend,
  runLatentOutput,
} from './latent-attention'
import { LatentExpandOp, runLatentExpand } from './latent-expand'
import { LinearOp, runLinear } from './linear'
import {
  MoeCombineOp,
  MoeGroupOp,
  MoeInnerOp,
  MoeOuterOp,
  runMoeCombine,
  runMoeGroup,
  runMoeInner,
  runMoeOuter,
} from './moe'
import { RoundOp, runRound } from './round-activations'
import { RmsNormOp, runRmsNorm } from './rms-norm'
import { RopeOp, runRope } from './rope'
import { runSelectExperts, SelectExpertsOp } from './route'
import {
  ConcatOp,
  CopyOp,
  runConcat,
  runCopy,
  runSelectRows,
  runWriteKv,
  SelectRowsOp,
  WriteKvOp,
} from './rows'
import { runSiluMul, SiluMulOp } from './silu-mul'
import { runWriteLatent, WriteLatentOp } from './write-latent'

/** This thread's share of the operation at `descriptor`. */
export function execute(descriptor: usize): void {
  switch (changetype<Descriptor>(descriptor).op) {
    case Op.COPY: runCopy(changetype<CopyOp>(descriptor)); break
    case Op.EMBED: runEmbed(changetype<EmbedOp>(descriptor)); break
    case Op.RMS_NORM: runRmsNorm(changetype<RmsNormOp>(descriptor)); break
    case Op.LINEAR: runLinear(changetype<LinearOp>(descriptor)); break
    case Op.ROPE: runRope(changetype<RopeOp>(descriptor)); break
    case Op.WRITE_LATENT: runWriteLatent(changetype<WriteLatentOp>(descriptor)); break
    case Op.ABSORB_QUERY: runAbsorbQuery(changetype<AbsorbQueryOp>(descriptor)); break
    case Op.LATENT_EXPAND: runLatentExpand(changetype<LatentExpandOp>(descriptor)); break
    case Op.LATENT_ATTEND: runLatentAttend(changetype<LatentAttendOp>(descriptor)); break
    case Op.LATENT_OUTPUT: runLatentOutput(changetype<LatentOutputOp>(descriptor)); break
    case Op.WRITE_KV: runWriteKv(changetype<WriteKvOp>(descriptor)); break
    case Op.ATTENTION: runAttention(changetype<AttentionOp>(descriptor)); break
    case Op.SELECT_EXPERTS: runSelectExperts(changetype<SelectExpertsOp>(descriptor)); break
    case Op.MOE_GROUP: runMoeGroup(changetype<MoeGroupOp>(descriptor)); break
    case Op.MOE_INNER: runMoeInner(changetype<MoeInnerOp>(descriptor)); break
    case Op.MOE_OUTER: runMoeOuter(changetype<MoeOuterOp>(descriptor)); break
    case Op.MOE_COMBINE: runMoeCombine(changetype<MoeCombineOp>(descriptor)); break
    case Op.SILU_MUL: runSiluMul(changetype<SiluMulOp>(descriptor)); break
    case Op.ADD: runAdd(changetype<AddOp>(descriptor)); break
    case Op.CONCAT: runConcat(changetype<ConcatOp>(descriptor)); break
    case Op.SELECT_ROWS: runSelectRows(changetype<SelectRowsOp>(descriptor)); break
    case Op.RECODE: runRecode(changetype<RecodeOp>(descriptor)); break
    case Op.QUANTIZE: runQuantize(changetype<QuantizeOp>(descriptor)); break
    case Op.ROUND: runRound(changetype<RoundOp>(descriptor)); break
    case Op.SUM_CODES: runSumCodes(changetype<SumCodesOp>(descriptor)); break
    default: unreachable()
  }
}

@unmanaged
class JumpOp extends Descriptor {
  target: usize
}

@unmanaged
class FenceOp extends Descriptor {
  ticket: i32
}

/** The host hears that everything before fence `ticket` is done, and the first index that was out of range, if `failed`. */
// @ts-ignore: decorator
@external('env', 'fence')
declare function fence(ticket: i32, failed: i32, op: i32, tensor: i32, index: i32, limit: i32): void

/** The life of a worker thread: runs what is published until it is stopped. */
export function work(shared: usize, index: i32): void {
  enter(shared, index)
  let done = 0
  let next = control.start
  while (true) {
    waitWhile(offsetof<Control>('published'), done, offsetof<Control>('idle'))
    if (atomic.load<i32>(shared, offsetof<Control>('stopped'))) return
    const d = changetype<Descriptor>(next)
    next += d.bytes
    done++
    if (d.op == Op.JUMP) next = changetype<JumpOp>(changetype<usize>(d)).target
    else if (d.op == Op.FENCE) {
      if (thread == 0) reach(changetype<FenceOp>(changetype<usize>(d)))
    } else {
      if (!control.skipped) execute(changetype<usize>(d))
      barrier()
    }
  }
}

/** All operations before the fence are done: a barrier ends the last of them. */
function reach(d: FenceOp): void {
  const failed = control.failed
  control.failed = 0
  fence(d.ticket, failed, control.failedOp, control.failedTensor, control.failedIndex, control.failedLimit)
}
