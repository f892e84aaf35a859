/** What all parts of one answer have in common. */

export interface AnswerHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
}

export function createHead(model: string): AnswerHead {
  const id = `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`
  return { id, created: Math.floor(Date.now() / 1000), model }
}
