import { decode, isPowerOfTwo, type NumberFormat } from '@octoscale/fp8-core'
import type { ComponentChildren, VNode } from 'preact'
import { hexOf } from './describe-code.ts'
import type { Neighbour, RoundingDescription } from './describe-rounding.ts'
import { dyadicDecimal, exactDecimal, shortDecimal } from './exact-decimal.ts'
import { ExactNumber } from './exact-number.tsx'
import { labelText, percentText } from './number-text.ts'
import { orderedValues } from './ordered-values.ts'
import { overflowWord, roundingWords } from './rounding-words.ts'

/** Significant digits of a number too long for its column. */
const kept = 9

/** An exact text where there is a short one, the number or a power of two; else its first digits. */
function short(value: number): string {
  const decimal = exactDecimal(value)
  return decimal.length > kept && isPowerOfTwo(Math.abs(value))
    ? labelText(value)
    : shortDecimal(decimal, kept)
}

/** Errors, spacing, neighbours and rules, as names and values. */
export function Facts(props: {
  readonly description: RoundingDescription
  readonly onCode: (code: number) => void
}): VNode {
  const { error, rounded, below, above, format, rounding, overflow, chanceUp } = props.description
  const exact = error?.absolute.significand === 0n
  return (
    <dl class="facts">
      <Fact name="error">
        {error === undefined ? (
          '—'
        ) : (
          <ExactNumber decimal={dyadicDecimal(error.absolute)} kept={kept} showSign />
        )}
      </Fact>
      <Fact name="relative">{error?.relative === undefined ? '—' : percentText(error.relative)}</Fact>
      <Fact name="ulp">
        {rounded?.ulp === undefined ? (
          '—'
        ) : (
          <span title={exactDecimal(rounded.ulp)}>{short(rounded.ulp)}</span>
        )}
      </Fact>
      <Fact name="error in ulp">
        {error === undefined ? '—' : exact ? '0' : Number(error.ulps.toPrecision(3))}
      </Fact>
      <Fact name="smallest > 0">{neighbour(smallestPositive(format))}</Fact>
      <Fact name="largest">{neighbour({ code: format.maxCode, value: format.max })}</Fact>
      <Fact name="next below">{neighbour(below)}</Fact>
      <Fact name="next above">{neighbour(above)}</Fact>
      <Fact name="finite numbers">{countFinite(format)}</Fact>
      <Fact name="stochastic up" title="how often stochastic rounding gives the greater neighbour">
        {chanceUp === undefined ? '—' : percentText(chanceUp)}
      </Fact>
      <Fact name="rounds">{roundingWords[rounding]}</Fact>
      <Fact name="beyond range">{overflowWord(format, overflow)}</Fact>
    </dl>
  )

  function neighbour(one: Neighbour | undefined): ComponentChildren {
    if (one === undefined) return '—'
    const decimal = exactDecimal(one.value)
    return (
      <button type="button" class="neighbour" title={decimal} onClick={() => props.onCode(one.code)}>
        <span class="digits">{short(one.value)}</span> <span class="code">{hexOf(one.code, format)}</span>
      </button>
    )
  }
}

function smallestPositive(format: NumberFormat): Neighbour {
  // Also of a tapered format: its bare powers of two begin with the code 1.
  const code = format.zero === 'none' ? 0 : 1
  return { code, value: decode(code, format) }
}

/** Both zeros are one number. */
function countFinite(format: NumberFormat): number {
  const { firstFinite, lastFinite } = orderedValues(format)
  return lastFinite - firstFinite + 1
}

function Fact(props: {
  readonly name: string
  readonly title?: string
  readonly children: ComponentChildren
}): VNode {
  return (
    <div title={props.title}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}
