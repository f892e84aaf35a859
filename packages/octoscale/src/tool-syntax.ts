/** How the chat formats write tool calls, for grammars that the answer must follow. */
import type { SyntaxPart, ToolCallSyntax } from '@octoscale/model'
import type { ChatFormat, TextCodec } from '@octoscale/tokenizer'

/** A control token by its spelling, or text. */
type Part = { readonly marker: string } | { readonly text: string }

interface WrittenSyntax {
  readonly begin: readonly Part[]
  readonly call: readonly (Part | 'name' | 'arguments')[]
  readonly between: readonly Part[]
  readonly end: readonly Part[]
}

const marker = (text: string): Part => ({ marker: text })
const text = (content: string): Part => ({ text: content })

/** By the name of the format. Calls of the others cannot be told from text, or are not written as JSON. */
const syntaxes: Readonly<Record<string, WrittenSyntax>> = {
  'deepseek-v3.1': {
    begin: [marker('<｜tool▁calls▁begin｜>')],
    call: [
      marker('<｜tool▁call▁begin｜>'),
      'name',
      marker('<｜tool▁sep｜>'),
      'arguments',
      marker('<｜tool▁call▁end｜>'),
    ],
    between: [],
    end: [marker('<｜tool▁calls▁end｜>')],
  },
  qwen3: {
    begin: [marker('<tool_call>')],
    call: [
      text('\n{"name": "'),
      'name',
      text('", "arguments": '),
      'arguments',
      text('}\n'),
      marker('</tool_call>'),
    ],
    between: [text('\n'), marker('<tool_call>')],
    end: [],
  },
}

/** Undefined where a format's calls are no JSON between control tokens, or the tokenizer lacks one of those. */
export function toolSyntaxOf(format: ChatFormat, tokenizer: TextCodec): ToolCallSyntax | undefined {
  const written = Object.hasOwn(syntaxes, format.name) ? syntaxes[format.name] : undefined
  if (written === undefined) return undefined
  let complete = true
  const resolve = (part: Part): SyntaxPart => {
    if ('text' in part) return part
    const token = tokenizer.idOf(part.marker)
    complete &&= token !== undefined
    return { token: token ?? -1 }
  }
  const syntax: ToolCallSyntax = {
    begin: written.begin.map(resolve),
    call: written.call.map((part) => (typeof part === 'string' ? part : resolve(part))),
    between: written.between.map(resolve),
    end: written.end.map(resolve),
  }
  return complete ? syntax : undefined
}
