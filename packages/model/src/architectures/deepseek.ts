/**
 * DeepSeek-V2 (arXiv 2405.04434) and V3 (arXiv 2412.19437), and models made after them (R1, V3.1, Moonlight, Kimi K2): latent
 * attention and a mixture of experts with shared experts. How they differ is in `deepseek-config.ts`.
 */
import type { LatentConfig } from '../config/model-config.ts'
import type { Architecture } from './architecture.ts'
import { buildDecoder } from './decoder.ts'
import { parseDeepseek } from './deepseek-config.ts'
import { latentAttention } from './latent-attention.ts'
import { isDerived } from './skipped-tensors.ts'

export const deepseek: Architecture<LatentConfig> = {
  parseConfig: parseDeepseek,

  build: (config, source, limits) =>
    buildDecoder(config, source, limits, latentAttention(config), config.ropeHeadDim),

  skip(config, name) {
    // Layers after the main ones predict further tokens. Not asked for, they are not part of the forward pass.
    const layer = /^model\.layers\.(\d{1,6})\./.exec(name)?.[1]
    if (layer !== undefined) {
      const index = Number(layer) - config.layers
      if (index >= 0 && index < config.mtpLayers) return 'mtp'
    }
    return isDerived(config, name) ? 'derived' : undefined
  },
}
