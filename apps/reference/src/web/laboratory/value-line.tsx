import { isPowerOfTwo } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import type { RoundingDescription } from './describe-rounding.ts'
import { LineMarks } from './line-marks.tsx'
import { lineView, type ViewKind } from './line-view.ts'
import { labelWishes, lineText } from './line-words.ts'
import { createScale, type ScaleKind } from './scale.ts'
import { placeLabels, tickPath } from './tick-path.ts'
import { useWidth } from './use-width.ts'

const height = 88
/** Where the line runs, in pixels from the top. */
const base = 50
/** Room at both ends, so that marks there are whole. */
const inset = 8
/** Powers of two have taller ticks while they are at least this many pixels apart on average. */
const tallTicksApart = 12

/** A format's numbers as ticks of a line, with the typed number above it and the rounded value on it. */
export function ValueLine(props: {
  readonly description: RoundingDescription
  readonly scale: ScaleKind
  readonly view: ViewKind
}): VNode {
  const { description, scale: kind, view: viewKind } = props
  const { format, number } = description
  const rounded = description.rounded?.value
  const [element, width] = useWidth<SVGSVGElement>(320)
  const view = lineView(viewKind, format, number, rounded)
  const { low, high } = view
  const smallest = format.minSubnormal ?? format.minNormal
  const place = useMemo(
    () => createScale({ kind, low, high, smallest, left: inset, right: width - inset }),
    [kind, low, high, smallest, width],
  )
  // The whole of a 16-bit format is 65,536 ticks: drawn again only when the line changes, not with the number.
  const first = view.ticks[0]
  const paths = useMemo(() => {
    const at = (values: Float64Array): number[] => Array.from(values, (value) => place(value).x)
    const powers = view.ticks.filter((value) => isPowerOfTwo(Math.abs(value)) || value === 0)
    const tall = powers.length * tallTicksApart <= width ? at(powers) : []
    return { all: tickPath(at(view.ticks), base - 6, base + 6), tall: tickPath(tall, base - 11, base + 11) }
  }, [format, viewKind, first, place, width])

  const subnormalEnds = [place(-format.minNormal).x, place(format.minNormal).x] as const
  const labels = placeLabels(
    labelWishes(viewKind, view, format, rounded).map(({ value, text }) => ({ x: place(value).x, text })),
    width,
  )
  return (
    <svg
      ref={element}
      class="value-line"
      role="img"
      aria-label={lineText(description, kind, viewKind, view)}
      viewBox={`0 0 ${width} ${height}`}
      height={height}
    >
      {smallest < format.minNormal && subnormalEnds[1] > subnormalEnds[0] && (
        <rect
          class="subnormals"
          x={subnormalEnds[0]}
          y={base - 11}
          width={subnormalEnds[1] - subnormalEnds[0]}
          height={22}
        />
      )}
      <path class="base" d={`M${inset} ${base}H${width - inset}`} />
      <path class="ticks" d={paths.all} />
      <path class="ticks tall" d={paths.tall} />
      <LineMarks number={number} rounded={rounded} place={place} base={base} width={width} />
      {labels.map(({ x, text, anchor }, i) => (
        <text
          class={i === 0 && Number.isFinite(rounded) ? 'label first' : 'label'}
          key={i}
          x={x}
          y={height - 8}
          text-anchor={anchor}
        >
          {text}
        </text>
      ))}
    </svg>
  )
}
