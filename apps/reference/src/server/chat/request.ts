/**
 * The body of `POST /v1/chat/completions`: which fields are read, and their types. Fields that are not named here are
 * ignored (`user`, `store`, `metadata`, `service_tier` and what vendors add), but for those in unsupported.ts. Null is
 * the same as absent everywhere, as clients send it.
 */
import { z } from 'zod'
import { badRequest } from '../api-error.ts'
import { limits } from '../limits.ts'
import { type ChatRequest, efforts } from './request-types.ts'

const optional = <T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> => type.nullable().optional()

const part = z.object({ type: z.string(), text: optional(z.string()), refusal: optional(z.string()) })
const content = z.union([z.string(), z.array(part).max(limits.parts)], {
  error: 'must be text or an array of at most 256 parts of type "text"',
})

/** A JSON object, kept as it is: not copied, nothing inside is looked at. */
const jsonObject = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'must be an object' },
)

const toolCall = z.object({
  id: optional(z.string()),
  type: optional(z.literal('function')),
  function: z.object({ name: z.string(), arguments: optional(z.union([z.string(), jsonObject])) }),
})

const message = z.discriminatedUnion(
  'role',
  [
    z.object({ role: z.enum(['system', 'developer', 'user']), content }),
    z.object({
      role: z.literal('assistant'),
      content: optional(content),
      refusal: optional(z.string()),
      tool_calls: optional(z.array(toolCall).max(limits.tools)),
      reasoning_content: optional(z.string()),
      reasoning: optional(z.string()),
      prefix: optional(z.boolean()),
    }),
    z.object({ role: z.literal('tool'), content: optional(content), tool_call_id: optional(z.string()) }),
  ],
  { error: 'must be a message of role system, developer, user, assistant or tool' },
)

const tool = z.object({
  type: z.literal('function', { error: 'only tools of type "function" are supported' }),
  function: z.object({
    name: z.string(),
    description: optional(z.string()),
    parameters: optional(jsonObject),
  }),
})

const effort = z.enum(efforts)
const tokens = z.number().int().min(1)

const chatRequest: z.ZodType<ChatRequest> = z.object({
  model: optional(z.string()),
  messages: z.array(message).min(1).max(limits.messages),
  stream: optional(z.boolean()),
  stream_options: optional(z.object({ include_usage: optional(z.boolean()) })),
  tools: optional(z.array(tool).max(limits.tools)),
  tool_choice: optional(z.unknown()),
  parallel_tool_calls: optional(z.boolean()),

  max_tokens: optional(tokens),
  max_completion_tokens: optional(tokens),
  temperature: optional(z.number().min(0).max(100)),
  top_p: optional(z.number().gt(0).max(1)),
  top_k: optional(z.number().int().min(-1)),
  min_p: optional(z.number().min(0).max(1)),
  // Smaller ones could make a logit infinite.
  repetition_penalty: optional(z.number().min(0.01).max(100)),
  presence_penalty: optional(z.number().min(-2).max(2)),
  frequency_penalty: optional(z.number().min(-2).max(2)),
  logit_bias: optional(
    z.record(z.string().regex(/^\d{1,9}$/), z.number().min(-100).max(100), {
      error: 'must be an object of token ids, with numbers from -100 to 100',
    }),
  ),
  response_format: optional(
    z.discriminatedUnion(
      'type',
      [
        z.object({ type: z.enum(['text', 'json_object']) }),
        z.object({
          type: z.literal('json_schema'),
          json_schema: z.object({ schema: optional(jsonObject) }),
        }),
      ],
      { error: 'must be an object with type "text", "json_object" or "json_schema"' },
    ),
  ),
  thinking_budget: optional(z.number().int().min(0)),
  seed: optional(z.number().int().min(0)),
  stop: optional(
    z.union(
      [
        z.string().max(limits.stopLength),
        z.array(z.string().min(1).max(limits.stopLength)).max(limits.stops),
      ],
      {
        error: `must be text, or at most ${limits.stops} texts, none empty or longer than ${limits.stopLength} characters`,
      },
    ),
  ),

  // The thinking switch in its spellings: see thinking.ts.
  thinking: optional(
    z.union([z.boolean(), z.object({ type: z.enum(['enabled', 'disabled', 'adaptive', 'auto']) })], {
      error: 'must be a boolean, or an object with type "enabled", "disabled", "adaptive" or "auto"',
    }),
  ),
  think: optional(
    z.union([z.boolean(), effort], { error: `must be a boolean or one of ${efforts.join(', ')}` }),
  ),
  chat_template_kwargs: optional(
    z.object({ thinking: optional(z.boolean()), enable_thinking: optional(z.boolean()) }),
  ),
  reasoning: optional(z.object({ enabled: optional(z.boolean()), effort: optional(effort) })),
  reasoning_effort: optional(effort),
})

/** Throws `ApiError` 400 that names the first field at fault. */
export function parseChatRequest(body: unknown): ChatRequest {
  const parsed = chatRequest.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw badRequest(fieldPath(issue?.path ?? []) || 'body', issue?.message ?? 'is not valid')
}

/** `['messages', 0, 'role']` is `messages[0].role`. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
}
