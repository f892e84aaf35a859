/** Why a turn failed, in words for the person at this page. */
import { EngineError, factsOf } from '../engine/error-facts.ts'

export interface Failure {
  readonly name: string
  readonly message: string
}

/** Most errors say what to do; some say it to programmers or to who started the server. */
export function failureOf(error: unknown): Failure {
  const { name, message, fields } = error instanceof EngineError ? error : factsOf(error)
  const wayOut = 'shorten the question, or begin a new chat'
  if (name === 'ContextLengthError') {
    const { got, limit } = fields
    return { name, message: `${got} tokens are more than the ${limit} that this model can read: ${wayOut}` }
  }
  if (fields.code === 'context_length_exceeded') {
    return { name, message: `the conversation is longer than this model can read: ${wayOut}` }
  }
  if (name === 'ModelError' && fields.status === 401) {
    return {
      name,
      message: 'the server wants a key, or another one: reload the page, then give it in Settings',
    }
  }
  return { name, message }
}
