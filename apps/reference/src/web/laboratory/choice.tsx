import type { VNode } from 'preact'
import { useId } from 'preact/hooks'

/** One of a few values, as radio buttons in a row. */
export function Choice<Value extends string | undefined>(props: {
  readonly legend: string
  readonly options: readonly Value[]
  readonly labels: readonly string[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}): VNode {
  const name = useId()
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      <div class="choice-options">
        {props.options.map((option, i) => (
          <label key={option ?? ''}>
            <input
              type="radio"
              name={name}
              checked={option === props.value}
              onChange={() => props.onChange(option)}
            />
            <span>{props.labels[i]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
