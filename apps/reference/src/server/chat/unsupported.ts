/** What a request may ask for and this server cannot do. Each is refused by name: ignoring it would be a wrong answer. */
import { ApiError, unsupported } from '../api-error.ts'

/** True when the value asks for nothing: absent, or what the field means by default. */
type Harmless = (value: unknown) => boolean

const isFalse: Harmless = (value) => value === false
const isZero: Harmless = (value) => value === 0
const isOne: Harmless = (value) => value === 1
const isEmpty: Harmless = (value) => typeof value === 'object' && Object.keys(value as object).length === 0
const never: Harmless = () => false

const fields: Readonly<Record<string, readonly [Harmless, string]>> = {
  n: [isOne, 'one answer is made for each request'],
  best_of: [isOne, 'one answer is made for each request'],
  logprobs: [isFalse, 'probabilities are not given out'],
  top_logprobs: [isZero, 'probabilities are not given out'],
  modalities: [
    (value) => Array.isArray(value) && value.every((modality) => modality === 'text'),
    'answers are text only',
  ],
  audio: [never, 'answers are text only'],
  functions: [isEmpty, 'use tools'],
  function_call: [(value) => value === 'none' || value === 'auto', 'use tool_choice'],
  web_search_options: [never, 'this server does not search'],
  grammar: [never, 'use response_format'],
  structured_outputs: [never, 'use response_format'],
  guided_json: [never, 'use response_format'],
  guided_regex: [never, 'use response_format'],
  guided_choice: [never, 'use response_format'],
  guided_grammar: [never, 'use response_format'],
  thinking_token_budget: [never, 'use thinking_budget'],
  thinking_budget_tokens: [never, 'use thinking_budget'],
}

/** Throws `ApiError` 400 for the first field that asks for the impossible, or a body that is no object. */
export function refuseUnsupported(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError({ status: 400, message: 'the body must be a JSON object' })
  }
  const given = body as Readonly<Record<string, unknown>>
  for (const [field, [isHarmless, problem]] of Object.entries(fields)) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined
    if (value !== undefined && value !== null && !isHarmless(value)) throw unsupported(field, problem)
  }
}
