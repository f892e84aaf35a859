/** One answer of the engine, in its turn, as deltas. */
import type { Usage } from 'octoscale'
import { ApiError } from '../api-error.ts'
import type { Engine } from '../engine.ts'
import type { AnswerQueue } from './answer-queue.ts'
import { type Delta, DeltaMaker, type WireFinishReason } from './deltas.ts'
import type { ChatJob } from './job.ts'

export type AnswerPart =
  | { readonly type: 'delta'; readonly delta: Delta }
  | { readonly type: 'finish'; readonly reason: WireFinishReason; readonly usage: Usage }

/**
 * Waits for its turn and answers; the last part is `finish`. Ending the iteration, or aborting `signal`, ends the engine's
 * work, and only when that has ended the next answer begins. Throws what the queue and the engine throw.
 */
export async function* answerInTurn(
  { engine, queue }: { readonly engine: Engine; readonly queue: AnswerQueue },
  job: ChatJob,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart, void> {
  const turn = await queue.enter(signal)
  let finish: AnswerPart | undefined
  try {
    const deltas = new DeltaMaker(job.maxCalls)
    for await (const event of engine.chat({ ...job.chat, signal: turn.signal })) {
      if (event.type === 'finish') {
        finish = { type: 'finish', reason: deltas.finishReason(event.result), usage: event.result.usage }
        break
      }
      for (const delta of deltas.take(event)) yield { type: 'delta', delta }
    }
  } finally {
    turn.leave()
  }
  // After the turn: a client that is slow to take the end does not hold the model.
  if (finish === undefined) throw unfinished()
  yield finish
}

/** The engine broke its promise to end with `finish`. */
export function unfinished(): ApiError {
  return new ApiError({
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    message: 'the engine ended without finishing its answer: send the request again',
  })
}
