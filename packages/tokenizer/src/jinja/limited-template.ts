/**
 * A chat template of @huggingface/jinja that cannot run away. The library is passed in, so that this package depends on nothing.
 *
 * Bounded: the length of the template, the number of evaluated nodes together with the turns of loops and the characters that
 * they handle (`maxSteps`), the length of every string and list that an expression gives (`maxText`, `maxItems`), and the time
 * (`maxMilliseconds`, looked at every 1,024 steps). Endless recursion ends as an error.
 * Not bounded: what one built-in filter or method does between two such checks, at worst what a JavaScript engine holds in one
 * string (`indent`, `replace`), and the reading of the template.
 */
import { ChatTemplateError } from './chat-template-error.ts'
import type { TemplateLimits } from './template-limits.ts'

/** A node of a parsed template. */
export interface JinjaNode {
  readonly type: string
}

/** A value at run time. */
interface JinjaValue {
  readonly value?: unknown
}

/** What is used of @huggingface/jinja (0.5): `import * as jinja from '@huggingface/jinja'`. */
export interface JinjaLibrary {
  readonly Template: new (source: string) => { readonly parsed: unknown }
  readonly Environment: new () => { set(name: string, value: unknown): unknown }
  readonly Interpreter: new (environment: never) => { run(program: never): { readonly value: unknown } }
}

/** A template that was read once and can be rendered many times. */
export class LimitedTemplate {
  readonly #library: JinjaLibrary
  readonly #program: unknown
  readonly #limits: Required<{ [key in keyof TemplateLimits]: number }>

  /** @throws ChatTemplateError if the template is too long or not valid */
  constructor(library: JinjaLibrary, source: string, limits: TemplateLimits = {}) {
    this.#library = library
    this.#limits = {
      maxTemplate: limits.maxTemplate ?? 1_000_000,
      maxSteps: limits.maxSteps ?? 20_000_000,
      maxText: limits.maxText ?? 16_000_000,
      maxItems: limits.maxItems ?? 1_000_000,
      maxMilliseconds: limits.maxMilliseconds ?? 10_000,
    }
    check(source.length, 'maxTemplate', this.#limits.maxTemplate)
    try {
      this.#program = new library.Template(source).parsed
    } catch (cause) {
      throw new ChatTemplateError({ problem: 'cannot be read', cause })
    }
  }

  /** @throws ChatTemplateError if the template fails, refuses the conversation, or reaches a limit */
  render(variables: Readonly<Record<string, unknown>>): string {
    const environment = new this.#library.Environment()
    const globals = { true: true, True: true, false: false, False: false, none: null, None: null }
    const functions = {
      raise_exception: (message: unknown) => {
        throw new ChatTemplateError({ problem: `refuses the conversation: ${String(message)}` })
      },
      range: (...bounds: number[]) => this.#range(bounds),
      strftime_now: (format: unknown) => strftime(new Date(), String(format)),
    }
    try {
      for (const [name, value] of Object.entries({ ...globals, ...functions, ...variables })) {
        environment.set(name, value)
      }
      const result = this.#interpreter(environment).run(this.#program as never)
      return String(result.value)
    } catch (cause) {
      if (cause instanceof ChatTemplateError) throw cause
      throw new ChatTemplateError({ problem: 'failed', cause })
    }
  }

  #interpreter(environment: unknown): { run(program: never): { readonly value: unknown } } {
    const limits = this.#limits
    const interpreter = new this.#library.Interpreter(environment as never)
    const evaluable = interpreter as unknown as {
      evaluate(node: JinjaNode | undefined, scope: unknown): JinjaValue
    }
    const evaluate = evaluable.evaluate.bind(interpreter)
    const looped = new Set<unknown>()
    const end = performance.now() + limits.maxMilliseconds
    let steps = 0
    let nextLook = 0
    // Every node is evaluated through this method, by the library's own code, too.
    evaluable.evaluate = (node, scope) => {
      if (node?.type === 'For') {
        const { iterable } = node as unknown as { iterable: JinjaNode & { lhs?: unknown } }
        looped.add(iterable.type === 'SelectExpression' ? iterable.lhs : iterable)
      }
      const result = evaluate(node, scope)
      const { value } = result
      steps++
      if (typeof value === 'string') {
        steps += value.length >>> 6
        check(value.length, 'maxText', limits.maxText)
      } else if (Array.isArray(value) || value instanceof Map) {
        const length = Array.isArray(value) ? value.length : value.size
        if (looped.has(node)) steps += length
        check(length, 'maxItems', limits.maxItems)
      }
      check(steps, 'maxSteps', limits.maxSteps)
      if (steps >= nextLook) {
        nextLook = steps + 1024
        if (performance.now() > end) {
          throw new ChatTemplateError({ problem: 'reached a limit', limit: 'maxMilliseconds' })
        }
      }
      return result
    }
    return interpreter
  }

  #range(bounds: readonly number[]): number[] {
    const [start, stop] = bounds.length === 1 ? [0, bounds[0] ?? 0] : [bounds[0] ?? 0, bounds[1] ?? 0]
    const step = bounds[2] ?? 1
    if (step === 0) throw new ChatTemplateError({ problem: 'calls range() with a step of 0' })
    const length = Math.max(0, Math.ceil((stop - start) / step))
    check(length, 'maxItems', this.#limits.maxItems)
    return Array.from({ length }, (_, index) => start + index * step)
  }
}

/** @throws ChatTemplateError */
function check(value: number, limit: keyof TemplateLimits, most: number): void {
  if (!(value <= most)) throw new ChatTemplateError({ problem: 'reached a limit', limit })
}

const two = (value: number): string => String(value).padStart(2, '0')

/** The fields of Python's strftime that templates use, in local time. */
function strftime(date: Date, format: string): string {
  const month = (style: 'long' | 'short'): string => date.toLocaleString('en-US', { month: style })
  const fields: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getFullYear()),
    m: () => two(date.getMonth() + 1),
    d: () => two(date.getDate()),
    H: () => two(date.getHours()),
    M: () => two(date.getMinutes()),
    S: () => two(date.getSeconds()),
    B: () => month('long'),
    b: () => month('short'),
    '%': () => '%',
  }
  return format.replace(/%([YmdHMSBb%])/g, (_, field: string) => fields[field]?.() ?? '')
}
