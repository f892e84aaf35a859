/** What the person chose: which model answers, and how. */

/** Sampling of one answer. What is absent is the model's own default. */
export interface ModelSettings {
  readonly thinking: boolean
  readonly temperature?: number
  readonly topP?: number
  readonly maxTokens?: number
  readonly seed?: number
}

/** Who answers: the model in this tab, or one of the server that served the page. */
export type ModelChoice = { readonly where: 'tab' } | { readonly where: 'server'; readonly id: string }

export interface Settings extends ModelSettings {
  readonly tools: boolean
  readonly systemPrompt: string
  /** Undefined until the person has chosen: then the server's model if there is one, else the tab's. */
  readonly model: ModelChoice | undefined
  /** Where the model in the tab runs. */
  readonly backend: string
}

export const defaultSettings: Settings = {
  thinking: false,
  tools: false,
  systemPrompt: '',
  model: undefined,
  backend: 'auto',
}

/** The numbers a person may set, with the range that engines take. */
export const samplingFields: readonly {
  readonly key: 'temperature' | 'topP' | 'maxTokens' | 'seed'
  readonly label: string
  readonly hint: string
  readonly minimum: number
  readonly maximum: number
  readonly step: number
}[] = [
  { key: 'temperature', label: 'Temperature', hint: '0 is greedy', minimum: 0, maximum: 2, step: 0.01 },
  // Not 0: engines need a part of the probability to choose from.
  { key: 'topP', label: 'Top P', hint: '0.01 to 1', minimum: 0.01, maximum: 1, step: 0.01 },
  { key: 'maxTokens', label: 'Longest answer', hint: 'tokens', minimum: 1, maximum: 1_000_000, step: 1 },
  { key: 'seed', label: 'Seed', hint: 'same seed, same text', minimum: 0, maximum: 2 ** 31 - 1, step: 1 },
]

/** The part that an answer is sampled with. */
export function modelSettings(settings: Settings): ModelSettings {
  const { thinking, temperature, topP, maxTokens, seed } = settings
  return {
    thinking,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(seed === undefined ? {} : { seed }),
  }
}
