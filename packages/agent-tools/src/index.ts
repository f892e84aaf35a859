/** Tools and agent loops over any chat model. */
export {
  defineTool,
  type SchemaPair,
  type ToolInput,
  type ToolOptions,
  type ToolParameters,
} from './define-tool.ts'
export {
  AgentOptionError,
  AgentStateError,
  ModelError,
  PatternLimitError,
  ToolDefinitionError,
} from './errors.ts'
export { openAiModel } from './models/openai-model.ts'
export type { OpenAiOptions } from './models/openai-options.ts'
export { type ScriptedModel, type ScriptedStep, scriptedModel } from './models/scripted-model.ts'
export type { AgentOptions, ApprovalContext, ApprovalDecision, Approve } from './run/settings.ts'
export { type AgentRun, runAgent } from './run-agent.ts'
export * from './tools/index.ts'
export type * from './types.ts'
