/** The table of architectures. A new one is one file and one line here. */
import type { ModelConfig } from '../config/model-config.ts'
import type { Architecture } from './architecture.ts'
import { deepseek } from './deepseek.ts'
import { groupedQuery } from './grouped-query.ts'

/** `model_type` of `config.json` → architecture. Each is only ever given the configs that it parsed. */
export const architectures: Readonly<Record<ModelConfig['modelType'], Architecture>> = {
  deepseek_v2: deepseek,
  deepseek_v3: deepseek,
  kimi_k2: deepseek,
  llama: groupedQuery,
  qwen2: groupedQuery,
  qwen3: groupedQuery,
  qwen3_moe: groupedQuery,
}
