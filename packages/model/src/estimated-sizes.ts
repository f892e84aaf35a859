/** All sizes in bytes of backend memory, unless they say otherwise. */
export interface Estimate {
  readonly architecture: string
  readonly parameters: number
  /** What is read from the files. */
  readonly fileBytes: number
  /** Weights with their scales, and tables. */
  readonly weightBytes: number
  /** Activations of one step. */
  readonly workspaceBytes: number
  readonly cacheBytesPerToken: number
  /** `cacheBytesPerToken * contextLength * sequences`, or of the `cacheTokens` that were asked for. */
  readonly cacheBytes: number
  readonly totalBytes: number
  readonly contextLength: number
  /** Tokens computed at once. */
  readonly batch: number
  readonly sequences: number
  /** As given. */
  readonly memoryBytes: number | undefined
  readonly fits: boolean
  /** The longest `maxContext` that fits with all else as it is; 0 if none does. Without a limit the config's own. */
  readonly longestContext: number
}
