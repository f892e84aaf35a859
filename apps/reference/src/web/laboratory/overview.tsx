import type { NumberFormat } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import type { RoundingDescription } from './describe-rounding.ts'
import { exactDecimal, shortDecimal } from './exact-decimal.ts'
import { percentText } from './number-text.ts'
import { outcomeWords } from './outcome-words.ts'

/** What every format makes of the number, at a glance; each leads to its card. */
export function Overview(props: {
  readonly descriptions: readonly RoundingDescription[]
  readonly onChoose: (format: NumberFormat) => void
}): VNode {
  return (
    <ul class="overview" aria-label="Formats at a glance">
      {props.descriptions.map((description) => {
        const { format, rounded, outcome, error } = description
        const { sign, word, tone } = outcomeWords[outcome]
        const relative = error?.relative
        return (
          <li key={format.name}>
            <button type="button" data-tone={tone} onClick={() => props.onChoose(format)}>
              <span class="name">{format.name}</span>
              <span class="digits">
                {rounded === undefined ? '—' : shortDecimal(exactDecimal(rounded.value), 6)}
              </span>
              <span class="how" title={word}>
                {sign} {relative === undefined || outcome === 'exact' ? word : percentText(relative)}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
