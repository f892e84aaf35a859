/** All formats that are built in. */
import { chatML } from './chatml.ts'
import { deepseekV31 } from './deepseek-v31.ts'
import type { ChatFormat } from './format.ts'
import { llama3 } from './llama3.ts'
import { qwen3 } from './qwen3.ts'

/** The chat formats by name. */
export const chatFormats: {
  readonly deepseekV31: ChatFormat
  readonly chatML: ChatFormat
  readonly qwen3: ChatFormat
  readonly llama3: ChatFormat
} = { deepseekV31, chatML, qwen3, llama3 }
