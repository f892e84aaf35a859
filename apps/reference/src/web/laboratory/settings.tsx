import type { VNode } from 'preact'
import { Choice } from './choice.tsx'
import { groupWords } from './format-groups.ts'
import { roundingWords } from './rounding-words.ts'
import { choices, type LaboratoryState } from './url-state.ts'

/** Which formats, how numbers are encoded, and what the lines show. */
export function Settings(props: {
  readonly state: LaboratoryState
  readonly onChange: (change: Partial<LaboratoryState>) => void
}): VNode {
  const { state, onChange } = props
  return (
    <div class="settings">
      <Choice
        legend="Formats"
        options={choices.formats}
        labels={choices.formats.map((one) => (one === undefined ? 'all' : groupWords[one]))}
        value={state.formats}
        onChange={(formats) => onChange({ formats })}
      />
      <Choice
        legend="Rounding"
        options={choices.rounding}
        labels={choices.rounding.map((one) => (one === undefined ? 'default' : roundingWords[one]))}
        value={state.rounding}
        onChange={(rounding) => onChange({ rounding })}
      />
      <Choice
        legend="Overflow"
        options={choices.overflow}
        labels={['default', 'saturate', 'Inf or NaN']}
        value={state.overflow}
        onChange={(overflow) => onChange({ overflow })}
      />
      <Choice
        legend="Line"
        options={choices.scale}
        labels={['linear', 'logarithmic']}
        value={state.scale}
        onChange={(scale) => onChange({ scale })}
      />
      <Choice
        legend="Shows"
        options={choices.view}
        labels={['near the number', 'whole range']}
        value={state.view}
        onChange={(view) => onChange({ view })}
      />
    </div>
  )
}
