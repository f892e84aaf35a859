/** How much of what the model can see at once the conversation fills. */
import type { JSX } from 'preact'

export interface ContextUse {
  readonly tokens: number
  readonly limit: number
}

export function ContextGauge({ use: { tokens, limit } }: { use: ContextUse }): JSX.Element {
  const share = Math.min(1, tokens / limit)
  const label = `Context: ${tokens} of ${limit} tokens`
  return (
    <span class={`gauge${share > 0.9 ? ' full' : ''}`} title={label}>
      <meter aria-label={label} min={0} max={limit} high={limit * 0.9} value={tokens} />
      <span aria-hidden="true">{`${tokens} / ${limit}`}</span>
    </span>
  )
}
