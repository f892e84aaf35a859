/** What one request may hold. Requests are untrusted: nothing is read, parsed or queued without a bound. */

export const limits = {
  /** Bytes of a request's body. */
  bodyBytes: 4_194_304,
  /** Nested arrays and objects in a body; JSON Schemas of tools are the deepest thing that clients send. */
  jsonDepth: 64,
  messages: 2048,
  /** Text parts of one message. */
  parts: 256,
  /** As at DeepSeek and OpenAI. */
  tools: 128,
  /** As at DeepSeek. */
  stops: 16,
  /** UTF-16 units of one stop string. */
  stopLength: 256,
  /** Answers that may wait while another one is made. */
  waiting: 16,
} as const

/** Milliseconds. */
export const times = {
  /** For the head of a request to arrive. */
  headers: 10_000,
  /** For a whole request to arrive. */
  request: 60_000,
  /** Between two comment lines of a stream that has nothing to say; proxies cut streams that are silent for a minute. */
  keepAlive: 10_000,
  /** A stream's reader that takes nothing for so long is gone, and must not hold the model. */
  stall: 60_000,
  /** For answers to end when the server stops, before their connections are cut. */
  shutdown: 3_000,
} as const
