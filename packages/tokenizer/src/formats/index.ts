/** All formats that are built in. */
import { chatML } from './chatml.ts'
import { deepseekR1, deepseekV3 } from './deepseek-v3.ts'
import { deepseekV31 } from './deepseek-v31.ts'
import { deepseekV32 } from './deepseek-v32.ts'
import type { ChatFormat } from './format.ts'
import { harmony } from './harmony.ts'
import { llama3 } from './llama3.ts'
import { qwen3 } from './qwen3.ts'

/** The chat formats by name. */
export const chatFormats: {
  readonly deepseekV31: ChatFormat
  /** V3 and V3-0324. */
  readonly deepseekV3: ChatFormat
  readonly deepseekR1: ChatFormat
  readonly deepseekV32: ChatFormat
  readonly chatML: ChatFormat
  readonly qwen3: ChatFormat
  readonly llama3: ChatFormat
  /** gpt-oss. */
  readonly harmony: ChatFormat
} = { deepseekV31, deepseekV3, deepseekR1, deepseekV32, chatML, qwen3, llama3, harmony }
