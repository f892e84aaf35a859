/** What the server needs of a model. `Llm` of `octoscale` is one as it is; tests write their own. */
import type { ChatEvent, ChatOptions, LlmInfo } from 'octoscale'

export interface Engine {
  readonly info: Pick<LlmInfo, 'name' | 'contextLength' | 'parameters' | 'bytes'>
  /**
   * Answers one conversation at a time: the server asks for the next answer when the last one has ended or thrown.
   * The last event is `finish`. After an abort of `options.signal` the iteration throws `signal.reason`.
   */
  chat(options: ChatOptions): AsyncIterable<ChatEvent>
}

/** The id that clients name the model by: the last part of where it came from, since a path is nobody else's business. */
export function modelId(name: string): string {
  const last = name
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.')
    .at(-1)
  return last ?? 'model'
}
