/** The tools that run everywhere. */
export { calculator } from './calculator/calculator.ts'
export { ExpressionError } from './calculator/expression-error.ts'
export { DocumentError } from './documents/document-error.ts'
export {
  createDocumentIndex,
  type DocumentHit,
  type DocumentIndex,
  type SourceDocument,
} from './documents/document-index.ts'
export { searchDocuments } from './documents/search-documents.ts'
export { type RunJavaScriptOptions, runJavaScript } from './javascript/run-javascript.ts'
export { ScriptError, type ScriptProblem } from './javascript/script-error.ts'
export { ToolError } from './tool-error.ts'
