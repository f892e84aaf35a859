/** The table of architectures. A new one is one file and one line here. */
import type { ModelConfig } from '../config/model-config.ts'
import type { Architecture } from './architecture.ts'
import { deepseekV3 } from './deepseek-v3.ts'

/** `model_type` of `config.json` → architecture. */
export const architectures: Readonly<Record<ModelConfig['modelType'], Architecture>> = {
  deepseek_v3: deepseekV3,
}
