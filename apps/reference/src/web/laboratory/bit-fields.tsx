import type { CodeField } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CodeDescription } from './describe-code.ts'
import { FieldMeaning } from './field-meaning.tsx'

/**
 * The bits of a code as buttons that flip them, grouped by field. A toolbar: one stop of the Tab key, arrow keys inside.
 */
export function BitFields(props: {
  readonly name: string
  readonly code: CodeDescription
  readonly onCode: (code: number) => void
}): VNode {
  const { name, code, onCode } = props
  const highest = code.fields.reduce((sum, field) => sum + field.bits.length, 0) - 1
  const [stop, setStop] = useState(highest)
  const toolbar = useRef<HTMLDivElement>(null)
  const flipped = useRef(false)
  const focus = (bit: number): void =>
    toolbar.current?.querySelector<HTMLElement>(`[data-bit="${bit}"]`)?.focus()
  // In a tapered format a flipped bit may move bits to other fields: the button is then a new one.
  useLayoutEffect(() => {
    if (flipped.current) focus(stop)
    flipped.current = false
  }, [code.code])
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: stop + 1, ArrowRight: stop - 1, Home: highest, End: 0 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max(step, 0), highest)
    setStop(next)
    focus(next)
  }
  return (
    <div ref={toolbar} class="bit-fields" role="toolbar" aria-label={`bits of ${name}`} onKeyDown={onKeyDown}>
      {code.fields.map((field) => (
        <fieldset class={`bit-field bit-field-${field.name}`} key={field.name}>
          <legend>{field.name}</legend>
          <div class="bits">
            {bitsOf(field).map(({ bit, set }) => (
              <button
                type="button"
                key={bit}
                data-bit={bit}
                aria-pressed={set}
                aria-label={`${field.name}, bit ${bit}: ${set ? 1 : 0}`}
                tabIndex={bit === stop ? 0 : -1}
                onFocus={() => setStop(bit)}
                onClick={() => {
                  flipped.current = true
                  onCode(code.code ^ (1 << bit))
                }}
              >
                {set ? 1 : 0}
              </button>
            ))}
          </div>
          <div class="field-meaning">
            <FieldMeaning field={field} code={code} />
          </div>
        </fieldset>
      ))}
    </div>
  )
}

function bitsOf(field: CodeField): { bit: number; set: boolean }[] {
  return Array.from(field.bits, (digit, i) => ({
    bit: field.lowestBit + field.bits.length - 1 - i,
    set: digit === '1',
  }))
}
