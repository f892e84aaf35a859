/** Any model through its own Jinja chat template. */
import { ChatError } from '../chat/chat-error.ts'
import { type CheckedMessage, checkMessages, checkTools } from '../chat/check-messages.ts'
import { createChatParser, createFencedChatParser } from '../chat/parser.ts'
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import type { ChatMessage, ChatSegment, ToolDefinition } from '../chat/types.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from '../formats/format.ts'
import { checkContinuation } from '../formats/refuse.ts'
import { createDsmlParser } from '../parsers/dsml.ts'
import { createHarmonyParser } from '../parsers/harmony.ts'
import { createHermesParser } from '../parsers/hermes.ts'
import { createLlama3Parser } from '../parsers/llama3.ts'
import { createPlainParser } from '../parsers/plain.ts'
import { Guard } from './guard.ts'
import { type JinjaLibrary, LimitedTemplate } from './limited-template.ts'
import type { TemplateLimits } from './template-limits.ts'

export interface JinjaFormatOptions {
  /** `import * as jinja from '@huggingface/jinja'`. */
  readonly jinja: JinjaLibrary
  readonly name?: string | undefined
  /**
   * The control tokens of the model: `tokenizer.addedTokens.map(({ content }) => content)`. Only where the template itself
   * writes one it becomes a token.
   */
  readonly controlTokens: readonly string[]
  readonly beginToken?: string | undefined
  readonly endToken?: string | undefined
  /**
   * How the template takes arguments of calls: most write objects, those of DeepSeek take JSON text; `given` hands them over
   * as they come. Default `object`.
   */
  readonly arguments?: 'object' | 'text' | 'given' | undefined
  /** More variables for the template. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly limits?: TemplateLimits | undefined
  /** Default: the built-in parser whose markers the template names, else text that ends at `endToken`. */
  readonly parser?: ((options: ChatParserOptions) => ChatParser) | undefined
}

/** Templates look for these in answers of the model, to drop its earlier thinking. */
const KEPT_IN_ANSWERS = ['<think>', '</think>']

/**
 * A format that renders with a chat template. A control token that a message spells out stays text. So it does for tests that
 * the template makes on messages: these see another character in its place; only `<think>` and `</think>` in answers of the
 * model are left for the template to find, and are control tokens where it writes them.
 *
 * `thinking` is given as `thinking` and `enable_thinking`, `date` as `date_string`, thinking of answers as `reasoning_content` and `thinking`, tools and calls as transformers gives them.
 *
 * @throws ChatTemplateError if the template cannot be read; so does `render` if it fails or reaches a limit
 */
export function jinjaFormat(template: string, options: JinjaFormatOptions): ChatFormat {
  const limited = new LimitedTemplate(options.jinja, template, options.limits)
  return defineFormat({
    name: options.name ?? 'jinja',
    controlTokens: options.controlTokens,
    renderSegments: (messages, given) => render(limited, template, options, messages, given),
    parser: options.parser ?? closestParser(template, options.endToken),
  })
}

function render(
  limited: LimitedTemplate,
  template: string,
  options: JinjaFormatOptions,
  given: readonly ChatMessage[],
  { tools, thinking, date, reasoningEffort, addGenerationPrompt, continueFinalMessage }: FormatOptions,
): ChatSegment[] {
  const messages = checkMessages(given)
  checkTools(tools ?? [])
  checkContinuation(messages, continueFinalMessage)
  const taken = template + JSON.stringify([messages, tools])
  const guard = new Guard(options.controlTokens, KEPT_IN_ANSWERS, taken)
  const last = messages.at(-1)
  const rendered = limited.render({
    ...options.variables,
    messages: messages.map((message) => forTemplate(message, guard, options.arguments ?? 'object')),
    ...(tools?.length ? { tools: tools.map((tool) => toolForTemplate(tool, guard)) } : {}),
    ...(thinking === undefined ? {} : { thinking, enable_thinking: thinking }),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
    ...(date === undefined ? {} : { date_string: guard.hide(date) }),
    ...(options.beginToken === undefined ? {} : { bos_token: options.beginToken }),
    ...(options.endToken === undefined ? {} : { eos_token: options.endToken }),
    add_generation_prompt: addGenerationPrompt !== false && !continueFinalMessage,
  })
  if (!continueFinalMessage) return guard.segments(rendered)
  const content = String(guard.hide(last?.content ?? '', true)).trim()
  const at = rendered.lastIndexOf(content)
  if (at < 0 || content === '') {
    const expected = 'content that the template writes as it is, to be continued'
    throw new ChatError({ index: messages.length - 1, field: 'content', expected, got: 'none of it' })
  }
  return guard.segments(rendered.slice(0, at + content.length))
}

function forTemplate(message: CheckedMessage, guard: Guard, form: 'object' | 'text' | 'given'): object {
  if (message.role !== 'assistant') return { role: message.role, content: guard.hide(message.content) }
  const calls = message.toolCalls?.map(({ name, given, arguments: text }) => {
    const asObject = form === 'object' && typeof given === 'string'
    const value: unknown = form === 'text' ? text : asObject ? JSON.parse(given) : given
    return { type: 'function', function: { name: guard.hide(name), arguments: guard.hide(value) } }
  })
  return {
    role: 'assistant',
    content: message.content === null ? null : guard.hide(message.content, true),
    ...(calls && { tool_calls: calls }),
    ...(message.prefix && { prefix: true }),
    ...(message.thinking === null
      ? {}
      : { reasoning_content: guard.hide(message.thinking), thinking: guard.hide(message.thinking) }),
  }
}

function toolForTemplate({ name, description, parameters }: ToolDefinition, guard: Guard): unknown {
  const schema = parameters ?? { type: 'object', properties: {} }
  return guard.hide({ type: 'function', function: { name, description, parameters: schema } })
}

const PARSERS: readonly (readonly [marker: string, create: (options: ChatParserOptions) => ChatParser])[] = [
  ['｜DSML｜', createDsmlParser],
  ['```json', createFencedChatParser],
  ['<｜tool▁sep｜>', createChatParser],
  ['<tool_call>', createHermesParser],
  ['<|channel|>', createHarmonyParser],
  ['<|im_start|>', createHermesParser],
  ['<|python_tag|>', createLlama3Parser],
  ['<|eot_id|>', createLlama3Parser],
]

function closestParser(
  template: string,
  endToken: string | undefined,
): (options: ChatParserOptions) => ChatParser {
  const found = PARSERS.find(([marker]) => {
    return template.includes(marker) && (marker !== '```json' || template.includes('<｜tool▁sep｜>'))
  })
  return found?.[1] ?? ((options) => createPlainParser(endToken === undefined ? [] : [endToken], options))
}
