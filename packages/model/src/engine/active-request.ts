/** A request in the engine: its text, its place in the schedule, its consumer, its clock. */

import type { Drafter } from './drafter.ts'
import type { EventChannel } from './event-channel.ts'
import type { Generation } from './generation.ts'
import type { ChosenToken, EngineEvent, EngineUsage } from './request.ts'
import type { Piece, Sequence } from './sequence.ts'

export interface ActiveRequest {
  readonly sequence: Sequence
  readonly generation: Generation
  readonly channel: EventChannel<EngineEvent>
  readonly drafter: Drafter | undefined
  readonly promptTokens: number
  readonly submittedAt: number
  readonly counts: { drafted: number; accepted: number; steps: number; firstAt: number }
  /** No longer hears the request's signal. */
  readonly unlisten: () => void
}

/**
 * Chooses tokens by the rows of logits of a piece, `[1 + drafts, vocabulary]`, and appends them to the sequence's ids:
 * row i counts as long as all drafts before it were right. A token is chosen as it is without drafts, so the text is the
 * same. Returns how many drafts were right.
 */
export function takeTokens(
  request: ActiveRequest,
  { sequence, drafts }: Piece,
  rowOf: (row: number) => Float32Array,
): number {
  const { generation, channel, counts } = request
  let accepted = 0
  const take = (event: ChosenToken): number => {
    if (event.index === 0) {
      counts.firstAt = performance.now()
      channel.push({ type: 'start', ...promptUsage(request) })
    }
    sequence.ids.push(event.id)
    const [draftedTokens, acceptedTokens] = [counts.drafted + drafts, counts.accepted + accepted]
    channel.push({ ...event, draftedTokens, acceptedTokens })
    return event.id
  }
  while (generation.ending === undefined) {
    const id = take(generation.choose(rowOf(accepted), sequence.ids))
    if (accepted >= drafts || sequence.drafts[accepted] !== id || generation.ending !== undefined) break
    accepted++
  }
  for (let event = generation.takeForced(); event !== undefined; event = generation.takeForced()) take(event)
  counts.steps++
  counts.drafted += drafts
  counts.accepted += accepted
  return accepted
}

/** The figures of a request that has ended. */
export function usageOf(request: ActiveRequest, now: number): EngineUsage {
  const { sequence, generation, counts, submittedAt } = request
  const generatedTokens = generation.ids.length
  const seconds = (now - counts.firstAt) / 1000
  return {
    ...promptUsage(request),
    generatedTokens,
    thinkingTokens: generation.thinkingTokens,
    draftedTokens: counts.drafted,
    acceptedTokens: counts.accepted,
    steps: counts.steps,
    preemptions: sequence.preemptions,
    firstTokenMilliseconds: counts.firstAt - submittedAt,
    tokensPerSecond: generatedTokens > 1 && seconds > 0 ? (generatedTokens - 1) / seconds : undefined,
  }
}

function promptUsage({ sequence, promptTokens }: ActiveRequest): {
  promptTokens: number
  cachedTokens: number
} {
  return { promptTokens, cachedTokens: Math.min(sequence.cached ?? 0, promptTokens) }
}
