/** Copies a text, and tells whether that worked. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'

/** How long the outcome is shown. */
const shownMilliseconds = 1500

export function CopyButton({ text, label }: { text: string; label: string }): JSX.Element {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), shownMilliseconds)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async (): Promise<void> => {
    try {
      // Absent where the page came over plain HTTP from another machine.
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('failed')
    }
  }
  const title =
    outcome === undefined ? label : outcome === 'copied' ? 'Copied' : 'The browser does not allow it'
  return (
    <button type="button" class="icon-button small" aria-label={title} title={title} onClick={copy}>
      <Icon name={outcome === undefined ? 'copy' : outcome === 'copied' ? 'check' : 'warning'} />
    </button>
  )
}
