import type { CodeField } from '@octoscale/fp8-core'
import type { VNode } from 'preact'
import type { CodeDescription } from './describe-code.ts'

/**
 * What a field contributes: read from left to right they are the value. Nothing for the fields of NaN and infinities.
 * Of a tapered format the dot field contributes the width D of the exponent.
 */
export function FieldMeaning(props: { readonly field: CodeField; readonly code: CodeDescription }): VNode {
  const { field, code } = props
  const { parts, fields } = code
  if (parts === undefined) {
    if (field.name === 'sign' && code.kind === 'infinity') return <>{field.value === 1 ? '−' : '+'}</>
    return <>{code.kind === 'nan' ? 'NaN' : '∞'}</>
  }
  if (parts.kind === 'fixed') {
    if (field.name === 'sign') return <>{parts.top < 0 ? `−${-parts.top}` : '0'}</>
    return (
      <>
        + {parts.mantissa}/{parts.steps}
      </>
    )
  }
  if (field.name === 'sign') return <>{field.value === 1 ? '−' : '+'}</>
  if (field.name === 'dot') {
    const width = fields.find(({ name }) => name === 'exponent')?.bits.length ?? 0
    return <>{field.value === 0 ? 'power' : `D = ${width}`}</>
  }
  const power = (
    <>
      × 2
      <sup>
        {parts.bias === 0 ? String(parts.exponent).replace('-', '−') : `${parts.exponent}−${parts.bias}`}
      </sup>
    </>
  )
  // Without a mantissa the power is all there is, and zero is none. A tapered format keeps it in the mantissa's place.
  if (parts.steps === 1) return parts.leading === 1 ? power : <>× 0</>
  if (field.name === 'exponent') return power
  return (
    <>
      × ({parts.leading} + {parts.mantissa}/{parts.steps})
    </>
  )
}
