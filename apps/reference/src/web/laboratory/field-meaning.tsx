import { Fragment, type VNode } from 'preact'
import type { CodeDescription, CodeField } from './describe-code.ts'

/** What a field contributes: a value is the product of its fields' meanings. Nothing for the fields of NaN and infinities. */
export function FieldMeaning(props: { readonly field: CodeField; readonly code: CodeDescription }): VNode {
  const { field, code } = props
  const { parts } = code
  if (field.name === 'sign') return <>{field.value === 1 ? '−' : '+'}</>
  if (parts === undefined) return <>{code.kind === 'nan' ? 'NaN' : '∞'}</>
  if (field.name === 'exponent') {
    return (
      <Fragment>
        × 2
        <sup>
          {parts.exponent}−{parts.bias}
        </sup>
      </Fragment>
    )
  }
  return (
    <Fragment>
      × ({parts.leading} + {parts.mantissa}/{parts.steps})
    </Fragment>
  )
}
