/** Llama, Qwen 2 and Qwen 3 with and without experts. How they differ is in `grouped-query-config.ts`. */
import type { GroupedConfig } from '../config/model-config.ts'
import type { Architecture } from './architecture.ts'
import { buildDecoder } from './decoder.ts'
import { groupedAttention } from './grouped-attention.ts'
import { parseGroupedQuery } from './grouped-query-config.ts'
import { isDerived } from './skipped-tensors.ts'

export const groupedQuery: Architecture<GroupedConfig> = {
  parseConfig: parseGroupedQuery,
  build: (config, source, limits) =>
    buildDecoder(config, source, limits, groupedAttention(config), config.headDim),
  skip: (config, name) => (isDerived(config, name) ? 'derived' : undefined),
}
