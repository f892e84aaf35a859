import type { ModelConfig } from '../config/model-config.ts'

/** Old exports carry the frequencies, which follow from the config; tied ones may repeat the embedding. */
export function isDerived(config: ModelConfig, name: string): boolean {
  if (name.endsWith('.rotary_emb.inv_freq')) return true
  return config.tiedEmbeddings && name === 'lm_head.weight'
}
