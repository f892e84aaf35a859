/** Answers that must have a form: tool calls by their schemas, JSON by a schema, text by a regular expression. */
import {
  Constrainer,
  constraintProcessor,
  type Grammar,
  type LogitsProcessor,
  OptionError,
  regexGrammar,
  type SchemaWarning,
  schemaGrammar,
  type ToolChoice,
  type ToolWarning,
  toolCallGrammar,
} from '@octoscale/model'
import type { ChatFormat, Tokenizer, ToolDefinition } from '@octoscale/tokenizer'
import type { ThinkingBlock } from './thinking.ts'
import { toolSyntaxOf } from './tool-syntax.ts'

export interface FormOptions {
  /**
   * `auto` (default): the model decides; `none`: no call; `required`: at least one; a name: that tool. With `required` or a
   * name the calls follow the tools' schemas; see `strictTools` for `auto`.
   */
  readonly toolChoice?: ToolChoice
  /** Let calls follow the tools' schemas also where the model need not call. Default false. */
  readonly strictTools?: boolean
  /** The form of the answer behind thinking: JSON (of a schema, else any object), or all of a regular expression. */
  readonly responseFormat?:
    | { readonly type: 'json'; readonly schema?: unknown }
    | { readonly type: 'regex'; readonly pattern: string }
}

/** What a schema says and the answer need not follow, with the tool whose schema it is. */
export type FormWarning = SchemaWarning | ToolWarning

interface Form {
  readonly grammar: Grammar
  readonly warnings: readonly FormWarning[]
}

/** Grammars that are kept: tools are mostly those of the last request. */
const MOST_FORMS = 16

/** The forms of one model's answers; the tables over its vocabulary are made when the first is asked for. */
export class Constraints {
  readonly #tokenizer: Tokenizer
  readonly #endIds: readonly number[]
  readonly #format: ChatFormat
  readonly #forms = new Map<string, Form>()
  #constrainer: Constrainer | undefined

  constructor(tokenizer: Tokenizer, format: ChatFormat, endIds: readonly number[]) {
    this.#tokenizer = tokenizer
    this.#format = format
    this.#endIds = endIds
  }

  /**
   * What keeps one answer in its form; undefined if it is free. `thinking`: the answer's block, where it thinks first.
   *
   * @throws OptionError for options that contradict each other, or a format that cannot be made to call tools
   * @throws EmptyGrammarError, GrammarLimitError, RegexError for a form that no text has, or that is too large
   */
  processor(
    options: FormOptions,
    tools: readonly ToolDefinition[],
    thinking: ThinkingBlock | undefined,
  ): { readonly processor: LogitsProcessor; readonly warnings: readonly FormWarning[] } | undefined {
    const form = this.#form(options, tools)
    if (form === undefined) return undefined
    this.#constrainer ??= this.#makeConstrainer()
    const constraint = constraintProcessor(this.#constrainer.start(form.grammar))
    const processor = thinking === undefined ? constraint : afterThinking(constraint, thinking)
    return { processor, warnings: form.warnings }
  }

  #form(options: FormOptions, tools: readonly ToolDefinition[]): Form | undefined {
    const { toolChoice = 'auto', strictTools = false, responseFormat } = options
    const mustCall = toolChoice === 'required' || typeof toolChoice === 'object'
    if (responseFormat !== undefined) {
      if (mustCall) {
        const expected = 'left out where a tool must be called'
        throw new OptionError({ option: 'responseFormat', expected, got: responseFormat.type })
      }
      return this.#kept(responseFormat, () =>
        responseFormat.type === 'regex'
          ? { grammar: regexGrammar(responseFormat.pattern), warnings: [] }
          : schemaGrammar(responseFormat.schema ?? { type: 'object' }, { whitespace: 'flexible' }),
      )
    }
    if (!mustCall && !(strictTools && tools.length > 0 && toolChoice === 'auto')) return undefined
    if (typeof toolChoice === 'object' && !tools.some(({ name }) => name === toolChoice.name)) {
      throw new OptionError({ option: 'toolChoice', expected: 'one of the tools', got: toolChoice.name })
    }
    const syntax = toolSyntaxOf(this.#format, this.#tokenizer)
    if (syntax === undefined) {
      const expected = `auto or none: calls of the format ${this.#format.name} cannot be forced`
      throw new OptionError({ option: mustCall ? 'toolChoice' : 'strictTools', expected, got: toolChoice })
    }
    return this.#kept({ tools, toolChoice }, () =>
      toolCallGrammar({ tools, syntax, choice: toolChoice, whitespace: 'flexible' }),
    )
  }

  #kept(key: unknown, make: () => Form): Form {
    const text = JSON.stringify(key)
    const form = this.#forms.get(text) ?? make()
    this.#forms.delete(text)
    this.#forms.set(text, form)
    const [oldest] = this.#forms.keys()
    if (this.#forms.size > MOST_FORMS) this.#forms.delete(oldest as string)
    return form
  }

  #makeConstrainer(): Constrainer {
    const tokenizer = this.#tokenizer
    const marked = this.#format.controlTokens.map((token) => tokenizer.idOf(token))
    const special = tokenizer.addedTokens.filter((token) => token.special).map(({ id }) => id)
    return new Constrainer({
      size: tokenizer.size,
      bytesOf: (id) => tokenizer.bytesOf(id),
      endIds: this.#endIds,
      controlIds: [...special, ...marked.filter((id) => id !== undefined)],
    })
  }
}

/** Thinking is free; what comes behind it has the form. A model that may or may not think is made to. */
function afterThinking(constraint: LogitsProcessor, { open, options }: ThinkingBlock): LogitsProcessor {
  let state: 'before' | 'thinking' | 'answer' = open ? 'thinking' : 'before'
  return {
    process: (logits, ids) => {
      if (state === 'answer') constraint.process(logits, ids)
    },
    accept: (id) => {
      if (state === 'answer') constraint.accept?.(id)
      else state = id === options.end ? 'answer' : 'thinking'
    },
    forced: () => {
      if (state === 'answer') return constraint.forced?.() ?? []
      return state === 'before' && options.start !== undefined ? [options.start] : []
    },
  }
}
