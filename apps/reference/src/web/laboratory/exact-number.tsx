import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { countDigits, shortDecimal } from './exact-decimal.ts'
import { signed } from './number-text.ts'

/**
 * A decimal, all of it. One too long for a line is shown cut; pressing it shows all digits, and a button to copy them.
 *
 * @param decimal as `exactDecimal` makes it.
 * @param kept significant digits of one that is cut.
 * @param showSign puts a plus before positive numbers.
 */
export function ExactNumber(props: {
  readonly decimal: string
  readonly showSign?: boolean
  readonly kept?: number
}): VNode {
  const { decimal, showSign = false, kept = 16 } = props
  const [open, setOpen] = useState(false)
  const withSign = (text: string): string => (showSign ? signed(text) : text)
  const short = shortDecimal(decimal, kept)
  if (!/[…×]/.test(short)) return <span class="digits">{withSign(short)}</span>
  const count = countDigits(decimal)
  return (
    <span class="exact-number">
      <button
        type="button"
        class="digits"
        aria-expanded={open}
        aria-label={`${withSign(short)}, ${open ? 'hide' : 'show'} all ${count} digits`}
        title={decimal}
        onClick={() => setOpen(!open)}
      >
        {withSign(short)}
      </button>
      {open && (
        <span class="all-digits">
          <span class="digits">{decimal}</span>{' '}
          <CopyButton key={decimal} text={decimal} label={`copy ${count} digits`} />
        </span>
      )}
    </span>
  )
}

/** Nothing where the page may not write to the clipboard; the digits can be selected all the same. */
function CopyButton(props: { readonly text: string; readonly label: string }): VNode | null {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  if (navigator.clipboard === undefined) return null
  const copy = (): void => {
    navigator.clipboard.writeText(props.text).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  const words = { ready: props.label, copied: 'copied', refused: 'refused: select the digits instead' }
  return (
    <button type="button" class="small" onClick={copy}>
      <span aria-live="polite">{words[state]}</span>
    </button>
  )
}
