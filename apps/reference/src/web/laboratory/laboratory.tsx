import './laboratory.css'
import './overview.css'
import './format-card.css'
import './value-line.css'
import type { NumberFormat } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import { codeText } from './code-text.ts'
import { describeRounding } from './describe-rounding.ts'
import { FormatCard, headingId } from './format-card.tsx'
import { type FormatGroup, formatsOf, groups, groupWords, p3109Named } from './format-groups.ts'
import { Legend } from './legend.tsx'
import { NumberInput } from './number-input.tsx'
import { Overview } from './overview.tsx'
import { P3109Input } from './p3109-input.tsx'
import { optionsFor } from './rounding-words.ts'
import { Settings } from './settings.tsx'
import type { LaboratoryState } from './url-state.ts'
import { useHashState } from './use-hash-state.ts'
import { useNumber } from './use-number.ts'

/**
 * The format laboratory: a number in every format of fp8-core. It fills the width it is given, keeps its state behind the
 * `?` of the location's hash, and takes its colours from `--background`, `--surface`, `--text`, `--muted`, `--accent`,
 * `--border` and `--error` where the page sets them.
 */
export function Laboratory(): VNode {
  const [state, change] = useHashState()
  const read = useNumber(state.text)
  const shown = groups
    .filter((group) => state.formats === undefined || state.formats === group)
    .map((group) => ({
      group,
      descriptions: formatsIn(group, state).map((format) =>
        describeRounding(read.number, format, optionsFor(format, state)),
      ),
    }))
  return (
    <section class="laboratory" aria-labelledby="laboratory-title">
      <h1 id="laboratory-title">Number formats</h1>
      <p class="lead">
        Type a number and see what each format keeps of it. Flip a bit, and the number follows.
      </p>
      <NumberInput text={state.text} read={read} onText={(text) => change({ text })} />
      <Settings state={state} onChange={change} />
      <Overview descriptions={shown.flatMap(({ descriptions }) => descriptions)} onChoose={showCard} />
      <Legend />
      {shown.map(({ group, descriptions }) => (
        <section class="format-group" key={group} aria-labelledby={`laboratory-group-${group}`}>
          <h2 id={`laboratory-group-${group}`}>{groupWords[group]}</h2>
          {group === 'others' && <P3109Input name={state.p3109} onName={(p3109) => change({ p3109 })} />}
          <div class="format-cards">
            {descriptions.map((description) => (
              <FormatCard
                key={description.format.name}
                description={description}
                scale={state.scale}
                view={state.view}
                onCode={(code) =>
                  change({ text: codeText(code, description.format, optionsFor(description.format, state)) })
                }
              />
            ))}
          </div>
        </section>
      ))}
    </section>
  )
}

/** Those of the table, and the named one of P3109. */
function formatsIn(group: FormatGroup, { p3109 }: LaboratoryState): NumberFormat[] {
  const named = group === 'others' ? p3109Named(p3109) : undefined
  return named === undefined ? formatsOf(group) : [...formatsOf(group), named]
}

/** The keyboard goes along: the next Tab is in the card. */
function showCard(format: NumberFormat): void {
  const heading = document.getElementById(headingId(format))
  heading?.closest('article')?.scrollIntoView({ block: 'start' })
  heading?.focus({ preventScroll: true })
}
