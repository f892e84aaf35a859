/** What an answer cost: speed and tokens, in one quiet line. */
import type { JSX } from 'preact'
import type { TurnFigures as Figures } from '../chat/conversation.ts'
import { duration } from './duration.ts'

export function TurnFigures({
  model,
  figures,
}: {
  model: string
  figures: Figures | undefined
}): JSX.Element {
  const parts = [model]
  if (figures !== undefined) {
    const { promptTokens, completionTokens, tokensPerSecond, firstTokenMilliseconds } = figures
    if (tokensPerSecond !== undefined) parts.push(`${perSecond(tokensPerSecond)} tokens/s`)
    parts.push(
      `first token ${duration(firstTokenMilliseconds)}`,
      `${promptTokens} in, ${completionTokens} out`,
    )
  }
  return (
    <ul class="figures" aria-label="Figures">
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  )
}

const perSecond = (rate: number): string => (rate < 10 ? rate.toFixed(1) : String(Math.round(rate)))
