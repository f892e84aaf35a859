import type { NumberFormat } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import { BitFields } from './bit-fields.tsx'
import type { RoundingDescription } from './describe-rounding.ts'
import { exactDecimal } from './exact-decimal.ts'
import { ExactNumber } from './exact-number.tsx'
import { Facts } from './facts.tsx'
import { formatNotes } from './format-notes.ts'
import type { ViewKind } from './line-view.ts'
import { outcomeWords } from './outcome-words.ts'
import type { ScaleKind } from './scale.ts'
import { ValueLine } from './value-line.tsx'

export interface FormatCardProps {
  readonly description: RoundingDescription
  readonly scale: ScaleKind
  readonly view: ViewKind
  /** A bit was flipped or a neighbour chosen. */
  readonly onCode: (code: number) => void
}

/** The heading of a format's card, for whoever leads there. */
export function headingId(format: NumberFormat): string {
  return `laboratory-${format.name}`
}

/** One format: what it makes of the number, bit by bit and on a line. */
export function FormatCard({ description, scale, view, onCode }: FormatCardProps): VNode {
  const { format, rounded, outcome } = description
  const { sign, word, explanation, tone } = outcomeWords[outcome]
  return (
    <article class="format-card" aria-labelledby={headingId(format)} data-format={format.name}>
      <header>
        <h3 id={headingId(format)} tabIndex={-1}>
          {format.name}
        </h3>
        <span class={`outcome outcome-${tone}`} title={explanation}>
          <span aria-hidden="true">{sign}</span> {word}
        </span>
        {rounded?.kind === 'subnormal' && (
          <span
            class="outcome outcome-plain"
            title="Between zero and the smallest number of full precision: fewer significant bits."
          >
            subnormal
          </span>
        )}
        <p class="title">{format.title}</p>
      </header>
      {tone === 'loss' && <p class="explanation">{explanation}</p>}
      {rounded !== undefined && (
        <>
          <p class="result">
            <span class="code">{rounded.hex}</span>
            <span class="value">
              <ExactNumber key={rounded.code} decimal={exactDecimal(rounded.value)} />
            </span>
          </p>
          <BitFields name={format.name} code={rounded} onCode={onCode} />
        </>
      )}
      {formatNotes(format).map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <ValueLine description={description} scale={scale} view={view} />
      <Facts description={description} onCode={onCode} />
    </article>
  )
}
