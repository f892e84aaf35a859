import { architectures } from '../architectures/index.ts'
import { UnsupportedArchitectureError } from '../errors.ts'
import { ConfigFields } from './fields.ts'
import type { ModelConfig } from './model-config.ts'

/**
 * Reads a parsed `config.json`. Every key that the computation needs must be there; keys that are not used are
 * ignored. Throws `UnsupportedArchitectureError` for another `model_type`, `ConfigError` for a value that is
 * missing, of a wrong type, out of range, or that asks for a computation this package does not have.
 */
export function parseConfig(json: unknown): ModelConfig {
  const fields = new ConfigFields(json)
  const modelType = fields.get('model_type')
  for (const [name, architecture] of Object.entries(architectures)) {
    if (name === modelType) return architecture.parseConfig(fields)
  }
  throw new UnsupportedArchitectureError({ modelType, supported: Object.keys(architectures) })
}
