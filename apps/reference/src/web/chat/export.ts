/** A conversation as a file for other programs. */
import { type Entry, messagesOf } from './conversation.ts'

/** The messages as models take them, and the entries as they were shown. */
export function exportConversation(entries: readonly Entry[], systemPrompt: string, at: Date): string {
  const file = {
    format: 'octoscale-conversation',
    version: 1,
    exportedAt: at.toISOString(),
    messages: messagesOf(entries, systemPrompt),
    entries,
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

/** Gives a text to the person as a file. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun when the click is through; the bytes are held until then.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
