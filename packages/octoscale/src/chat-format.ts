/** Which chat format a model speaks, by its control tokens and its own template. */
import { type ChatFormat, chatFormats, type Tokenizer } from '@octoscale/tokenizer'

interface Evidence {
  readonly modelType: string
  /** The model's Jinja template; '' if it has none. */
  readonly template: string
  readonly has: (token: string) => boolean
}

/** From the most particular to the most general; the first that fits is taken. */
const signs: readonly (readonly [format: ChatFormat, fits: (evidence: Evidence) => boolean])[] = [
  [chatFormats.deepseekV32, ({ modelType }) => modelType === 'deepseek_v32'],
  // Of the templates with DeepSeek's markers V3.1's alone asks whether to think; of the others only R1's knows thinking.
  [chatFormats.deepseekR1, ({ template }) => isOldDeepseek(template) && template.includes('<think>')],
  [chatFormats.deepseekV3, ({ template }) => isOldDeepseek(template)],
  [chatFormats.deepseekV31, ({ has }) => has('<｜User｜>') && has('<｜Assistant｜>')],
  [chatFormats.llama3, ({ has }) => has('<|start_header_id|>') && has('<|eot_id|>')],
  [
    chatFormats.qwen3,
    ({ has, template }) => has('<|im_start|>') && (has('<tool_call>') || /<tool_call>/.test(template)),
  ],
  [chatFormats.chatML, ({ has }) => has('<|im_start|>') && has('<|im_end|>')],
]

function isOldDeepseek(template: string): boolean {
  return template.includes('<｜Assistant｜>') && !/\bthinking\b/.test(template)
}

/** Undefined for a model that nobody can chat with: a base model, or one whose format is not built in. */
export function chatFormatOf(modelType: string, tokenizer: Tokenizer): ChatFormat | undefined {
  const evidence: Evidence = {
    modelType,
    template: tokenizer.chatTemplate ?? '',
    has: (token) => tokenizer.idOf(token) !== undefined,
  }
  return signs.find(([, fits]) => fits(evidence))?.[0]
}
