/** `generation_config.json`: how the makers of a model want it sampled. Its absence is no error. */
import { OptionError } from '@octoscale/model'

export interface GenerationDefaults {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
}

/** Reads transformers' keys: `do_sample` false or absent means greedy, whatever the temperature. */
export function parseGenerationConfig(json: unknown): GenerationDefaults {
  const fields: Record<string, unknown> =
    typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  const number = (key: string, fallback: number): number => {
    const value = fields[key] ?? fallback
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new OptionError({
        option: `generation_config.json: ${key}`,
        expected: 'a number',
        got: value,
      })
    }
    return value
  }
  return {
    temperature: fields.do_sample === true ? number('temperature', 1) : 0,
    topK: fields.do_sample === true ? number('top_k', 0) : 0,
    topP: fields.do_sample === true ? number('top_p', 1) : 1,
  }
}
