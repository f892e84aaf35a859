import type { VNode } from 'preact'
import { exactDecimal } from './exact-decimal.ts'
import { ExactNumber } from './exact-number.tsx'
import type { ReadNumber } from './use-number.ts'

/** Numbers worth a look: a repeating fraction, the ends of E4M3, a tie, something tiny, and the special ones. */
const examples = [
  '0.3',
  '1/3',
  '448',
  '464',
  '1e-8',
  '2^-9',
  '65504',
  '-0',
  'inf',
  'nan',
  'e4m3:0x7e',
  'hif8:0x3f',
]

/** Where a number is typed, what float64 makes of it, and some examples. */
export function NumberInput(props: {
  readonly text: string
  readonly read: ReadNumber
  readonly onText: (text: string) => void
}): VNode {
  const { text, read, onText } = props
  const { number, problem } = read
  return (
    <div class="number-input">
      <label for="laboratory-number">A number</label>
      <input
        id="laboratory-number"
        type="text"
        value={text}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby="laboratory-number-problem"
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <div class="note">
        <span id="laboratory-number-problem" class="problem" aria-live="polite">
          {problem !== undefined && `Not a number yet: ${problem}; below is still ${read.text}`}
        </span>
        {problem === undefined && (
          <span>
            as a float64 exactly <ExactNumber key={text} decimal={exactDecimal(number.value)} />
          </span>
        )}
      </div>
      <div class="examples">
        {examples.map((example) => (
          <button type="button" class="small" key={example} onClick={() => onText(example)}>
            {example}
          </button>
        ))}
      </div>
    </div>
  )
}
