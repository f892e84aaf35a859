/**
 * Answers with tool calls as a grammar: free text until the marker of the calls, then the name of a tool, then JSON of that
 * tool's schema. How a chat format writes calls is data, so every format is described by its markers.
 */
import { GrammarBuilder } from './builder.ts'
import { EmptyGrammarError, GrammarLimitError } from './errors.ts'
import type { Grammar, NodeId, RuleId } from './grammar.ts'
import { SchemaCompiler } from './schema/compile.ts'
import { isObject } from './schema/keywords.ts'
import { Style, type Whitespace } from './schema/style.ts'
import { anyObjectRule } from './schema/values.ts'
import type { SchemaWarning } from './schema/warning.ts'
import { trim } from './trim.ts'

/** A marker, by its token, or some text as it is. */
export type SyntaxPart = { readonly token: number } | { readonly text: string }

/** How calls are written. The parts of a call are written for each; a call names its tool before its arguments. */
export interface ToolCallSyntax {
  /** Before the first call. It must begin with a token: text could not be told from free text. */
  readonly begin: readonly SyntaxPart[]
  readonly call: readonly (SyntaxPart | 'name' | 'arguments')[]
  readonly between: readonly SyntaxPart[]
  /** Behind the last call. */
  readonly end: readonly SyntaxPart[]
}

export interface Tool {
  readonly name: string
  /** JSON Schema of the arguments; absent: any object. */
  readonly parameters?: unknown
}

/** `auto`: text, calls, or both; `none`: text; `required`: at least one call, at once; a name: calls of that tool. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string }

export interface ToolCallOptions {
  readonly tools: readonly Tool[]
  readonly syntax: ToolCallSyntax
  /** Default `auto`. */
  readonly choice?: ToolChoice | undefined
  /** Whether several calls may follow each other. Default true. */
  readonly parallel?: boolean | undefined
  /** Default `compact`. */
  readonly whitespace?: Whitespace | undefined
  /** The token that ends thinking, if the answer begins inside it. Before it, all text is free. */
  readonly thinkEnd?: number | undefined
}

export interface ToolWarning extends SchemaWarning {
  readonly tool: string
}

export interface ToolCallGrammar {
  readonly grammar: Grammar
  readonly warnings: readonly ToolWarning[]
}

/**
 * @throws EmptyGrammarError if a call is required and no tool can be called
 * @throws GrammarLimitError if all tools together are larger than the limits
 */
export function toolCallGrammar(options: ToolCallOptions): ToolCallGrammar {
  const { syntax, choice = 'auto', parallel = true, thinkEnd } = options
  const builder = new GrammarBuilder()
  const style = new Style(builder, options.whitespace ?? 'compact')
  const root = builder.rule()
  const { start, end } = builder.get(root)
  let at = start
  if (thinkEnd !== undefined) {
    freeText(builder, at)
    const answer = builder.node()
    builder.token(at, thinkEnd, answer)
    at = answer
  }
  const warnings: ToolWarning[] = []
  const callable =
    typeof choice === 'object' ? options.tools.filter((tool) => tool.name === choice.name) : options.tools
  const must = choice === 'required' || typeof choice === 'object'
  if (!must) {
    freeText(builder, at)
    builder.empty(at, end)
  }
  if (choice !== 'none') {
    const begin = builder.node()
    builder.empty(writeParts(builder, at, syntax.begin), begin)
    const after = builder.node()
    const rules = argumentRules(builder, style, callable, warnings)
    writeCalls(builder, begin, after, {
      syntax,
      tools: callable.map(({ name }, i) => [name, rules[i] as RuleId]),
    })
    if (parallel) builder.empty(writeParts(builder, after, syntax.between), begin)
    builder.empty(writeParts(builder, after, syntax.end), end)
  }
  const grammar = builder.finish(root, 'the choice of tools')
  return { grammar, warnings }
}

/** Any text that holds no marker. */
function freeText(builder: GrammarBuilder, at: NodeId): void {
  builder.bytes(at, 0, 255, at)
}

function writeParts(builder: GrammarBuilder, from: NodeId, parts: readonly SyntaxPart[]): NodeId {
  let at = from
  for (const part of parts) {
    if ('text' in part) at = builder.text(at, part.text)
    else {
      const next = builder.node()
      builder.token(at, part.token, next)
      at = next
    }
  }
  return at
}

function writeCalls(
  builder: GrammarBuilder,
  from: NodeId,
  to: NodeId,
  { syntax, tools }: { syntax: ToolCallSyntax; tools: readonly (readonly [name: string, rule: RuleId])[] },
): void {
  const named = syntax.call.indexOf('name')
  const before = writeParts(builder, from, syntax.call.slice(0, named) as SyntaxPart[])
  const nodes = builder.texts(
    before,
    tools.map(([name]) => name),
  )
  for (const [i, [, rule]] of tools.entries()) {
    let at = nodes[i] as NodeId
    for (const part of syntax.call.slice(named + 1)) {
      if (part === 'arguments') {
        const behind = builder.node()
        builder.call(at, rule, behind)
        at = behind
      } else if (part !== 'name') at = writeParts(builder, at, [part])
    }
    builder.empty(at, to)
  }
}

/** A rule for the arguments of each tool. A schema that cannot be followed takes any object, with a warning. */
function argumentRules(
  builder: GrammarBuilder,
  style: Style,
  tools: readonly Tool[],
  warnings: ToolWarning[],
): RuleId[] {
  const anything = (tool: string, message: string): RuleId => {
    warnings.push({ tool, pointer: '', keyword: 'parameters', message: `${message}; any object is taken` })
    return anyObjectRule(builder, style)
  }
  const rules = tools.map(({ name, parameters }) => {
    if (parameters === undefined) return anyObjectRule(builder, style)
    if (!isObject(parameters)) return anything(name, 'is not a schema')
    const mark = builder.mark()
    try {
      const compiler = new SchemaCompiler(builder, style, parameters)
      const rule = compiler.compile()
      // One tool must not use up the room of the others.
      if (builder.edges.length - mark.nodes > MOST_NODES) {
        throw new GrammarLimitError({ what: 'nodes for one tool', limit: MOST_NODES })
      }
      for (const warning of compiler.warnings.list) warnings.push({ tool: name, ...warning })
      return rule
    } catch (error) {
      if (!(error instanceof GrammarLimitError)) throw error
      builder.restore(mark)
      return anything(name, error.message)
    }
  })
  const { productive } = trim(builder.edges, builder.rules, 0)
  return rules.map((rule, i) =>
    productive[rule] ? rule : anything(tools[i]?.name ?? '', new EmptyGrammarError('the schema').message),
  )
}

const MOST_NODES = 100_000
