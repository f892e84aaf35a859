/**
 * The control tokens of the DeepSeek-V3.1 chat format. `｜` is U+FF5C and `▁` is U+2581, except in the two think markers,
 * which are plain ASCII. Only the first two are `special` in tokenizer.json: the others survive `skip_special_tokens`,
 * and a naive encoder takes them from user text as well (see `encodeChat`).
 */
export const MARKERS = {
  beginOfSentence: '<｜begin▁of▁sentence｜>',
  endOfSentence: '<｜end▁of▁sentence｜>',
  user: '<｜User｜>',
  assistant: '<｜Assistant｜>',
  thinkBegin: '<think>',
  thinkEnd: '</think>',
  toolCallsBegin: '<｜tool▁calls▁begin｜>',
  toolCallsEnd: '<｜tool▁calls▁end｜>',
  toolCallBegin: '<｜tool▁call▁begin｜>',
  toolCallEnd: '<｜tool▁call▁end｜>',
  toolSep: '<｜tool▁sep｜>',
  toolOutputBegin: '<｜tool▁output▁begin｜>',
  toolOutputEnd: '<｜tool▁output▁end｜>',
} as const

/** One of the marker texts. */
export type Marker = (typeof MARKERS)[keyof typeof MARKERS]
