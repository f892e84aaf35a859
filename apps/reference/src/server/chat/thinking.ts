/**
 * Whether to think: one switch that clients spell in many ways. A yes or no (`thinking`, `think`, `chat_template_kwargs`,
 * `reasoning.enabled`) counts before an effort (`reasoning_effort`, `reasoning.effort`, `think: "low"`), since many clients
 * send an effort whatever else they say. V3.1 knows no degrees: every effort but "none" means yes.
 */
import { ApiError } from '../api-error.ts'
import type { ChatRequest } from './request-types.ts'

interface Statement {
  readonly param: string
  readonly thinking: boolean
}

/** Undefined if the request does not say. Throws `ApiError` 400 where two fields of the same rank contradict each other. */
export function requestedThinking(request: ChatRequest): boolean | undefined {
  const { thinking, think, chat_template_kwargs: template, reasoning } = request
  const type = typeof thinking === 'object' ? thinking?.type : undefined
  const explicit = agreed([
    yesOrNo('thinking', typeof thinking === 'object' ? undefined : thinking),
    yesOrNo('thinking.type', type === 'enabled' ? true : type === 'disabled' ? false : undefined),
    yesOrNo('think', typeof think === 'string' ? undefined : think),
    yesOrNo('chat_template_kwargs.thinking', template?.thinking),
    yesOrNo('chat_template_kwargs.enable_thinking', template?.enable_thinking),
    yesOrNo('reasoning.enabled', reasoning?.enabled),
  ])
  const byEffort = agreed([
    effort('reasoning_effort', request.reasoning_effort),
    effort('reasoning.effort', reasoning?.effort),
    effort('think', typeof think === 'string' ? think : undefined),
  ])
  return explicit ?? byEffort
}

function yesOrNo(param: string, thinking: boolean | null | undefined): Statement | undefined {
  return thinking == null ? undefined : { param, thinking }
}

function effort(param: string, value: string | null | undefined): Statement | undefined {
  return value == null ? undefined : { param, thinking: value !== 'none' }
}

function agreed(statements: readonly (Statement | undefined)[]): boolean | undefined {
  const made = statements.filter((statement) => statement !== undefined)
  const [first] = made
  const other = made.find(({ thinking }) => thinking !== first?.thinking)
  if (first !== undefined && other !== undefined) {
    const word = (statement: Statement): string =>
      `${statement.param} asks for ${statement.thinking ? 'thinking' : 'no thinking'}`
    throw new ApiError({
      status: 400,
      param: other.param,
      message: `${word(first)}, but ${word(other)}: send one of them`,
    })
  }
  return first?.thinking
}
