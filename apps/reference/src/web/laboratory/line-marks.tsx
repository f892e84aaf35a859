import type { VNode } from 'preact'
import { labelText } from './number-text.ts'
import type { Place } from './scale.ts'
import { placeLabels } from './tick-path.ts'

const labelBaseline = 15
const pointerTop = 22

/** The typed number as a pointer with its label, the rounded value as a dot, and the way from one to the other. */
export function LineMarks(props: {
  readonly number: number
  readonly rounded: number | undefined
  readonly place: (value: number) => Place
  readonly base: number
  readonly width: number
}): VNode {
  const { number, rounded, place, base, width } = props
  const from = Number.isNaN(number) ? undefined : place(number)
  const to = rounded === undefined || Number.isNaN(rounded) ? undefined : place(rounded)
  const labels = from === undefined ? [] : placeLabels([{ x: from.x, text: labelText(number) }], width)
  return (
    <g>
      {from !== undefined && to !== undefined && <path class="way" d={`M${from.x} ${base}H${to.x}`} />}
      {to?.beyond === undefined && to !== undefined && <circle class="rounded" cx={to.x} cy={base} r={5.5} />}
      {to?.beyond !== undefined && <path class="rounded" d={arrow(to, base)} />}
      {from !== undefined && <path class="number" d={pointer(from, base)} />}
      {labels.map(({ x, text, anchor }) => (
        <text class="label number-label" key={text} x={x} y={labelBaseline} text-anchor={anchor}>
          {text}
        </text>
      ))}
    </g>
  )
}

/** A triangle that stands on the line; for a number beyond the line one that points outward. */
function pointer(at: Place, base: number): string {
  if (at.beyond !== undefined) return arrow(at, pointerTop + 6)
  return `M${at.x - 5} ${pointerTop}h10L${at.x} ${pointerTop + 11}ZM${at.x} ${pointerTop + 11}V${base - 6}`
}

function arrow(at: Place, y: number): string {
  const outward = at.beyond === 'left' ? -7 : 7
  return `M${at.x - outward} ${y - 6}v12L${at.x + outward} ${y}Z`
}
