/** Constrained decoding: JSON Schema, regular expressions and tool calls as masks over a vocabulary. */

export { Constrainer, type Constraint } from './constraint.ts'
export { EmptyGrammarError, GrammarLimitError, RegexError, TokenRefusedError } from './errors.ts'
export type { Grammar } from './grammar.ts'
export { type ConstraintProcessor, constraintProcessor, maskLogits } from './processor.ts'
export { regexGrammar } from './regex/grammar.ts'
export { type SchemaGrammar, type SchemaOptions, schemaGrammar } from './schema/grammar.ts'
export type { Whitespace } from './schema/style.ts'
export type { SchemaWarning } from './schema/warning.ts'
export type { Vocabulary } from './token-trie.ts'
export {
  type SyntaxPart,
  type Tool,
  type ToolCallGrammar,
  type ToolCallOptions,
  type ToolCallSyntax,
  type ToolChoice,
  type ToolWarning,
  toolCallGrammar,
} from './tool-calls.ts'
