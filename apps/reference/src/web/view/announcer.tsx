/** Tells screen readers what happened, once it has: never each token. */
import type { JSX } from 'preact'
import { answerText, type Entry } from '../chat/conversation.ts'

export function Announcer({ last }: { last: Entry | undefined }): JSX.Element {
  return (
    <p class="visually-hidden" role="status">
      {announcement(last)}
    </p>
  )
}

function announcement(last: Entry | undefined): string {
  if (last?.role !== 'assistant') return ''
  const waiting = last.steps.flatMap((step) => step.calls).find((call) => call.status === 'waiting')
  if (waiting !== undefined) return `${waiting.name} waits for your permission`
  if (last.status === 'streaming') return 'The model answers'
  // A failure announces itself.
  if (last.status === 'failed') return ''
  const text = answerText(last)
  return last.status === 'stopped' ? `Stopped. ${text}` : `Answer: ${text}`
}
