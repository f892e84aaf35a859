import './laboratory.css'
import './format-card.css'
import './value-line.css'
import { formats } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import { codeText } from './code-text.ts'
import { describeRounding } from './describe-rounding.ts'
import { FormatCard } from './format-card.tsx'
import { Legend } from './legend.tsx'
import { NumberInput } from './number-input.tsx'
import { Settings } from './settings.tsx'
import { useHashState } from './use-hash-state.ts'
import { useNumber } from './use-number.ts'

const table = Object.values(formats)

/**
 * The format laboratory: a number in every format of fp8-core. It fills the width it is given, keeps its state behind the
 * `?` of the location's hash, and takes its colours from `--background`, `--surface`, `--text`, `--muted`, `--accent`,
 * `--border` and `--error` where the page sets them.
 */
export function Laboratory(): VNode {
  const [state, change] = useHashState()
  const read = useNumber(state.text)
  const options = { rounding: state.rounding, overflow: state.overflow }
  return (
    <section class="laboratory" aria-labelledby="laboratory-title">
      <h1 id="laboratory-title">Number formats</h1>
      <p class="lead">
        Type a number and see what each format keeps of it. Flip a bit, and the number follows.
      </p>
      <NumberInput text={state.text} read={read} onText={(text) => change({ text })} />
      <Settings state={state} onChange={change} />
      <Legend />
      <div class="format-cards">
        {table.map((format) => (
          <FormatCard
            key={format.name}
            description={describeRounding(read.number, format, options)}
            scale={state.scale}
            view={state.view}
            onCode={(code) => change({ text: codeText(code, format, options) })}
          />
        ))}
      </div>
    </section>
  )
}
