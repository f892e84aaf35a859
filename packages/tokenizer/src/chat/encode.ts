/** Between conversations and token ids, such that text can never pass for a control token. */
import { UnsupportedTokenizerError } from '../errors.ts'
import type { TextCodec } from '../pipeline/types.ts'
import { MARKERS } from './markers.ts'
import { renderChatSegments } from './render.ts'
import type { ChatMessage, ChatSegment, RenderOptions } from './types.ts'

/**
 * The prompt ids of a conversation. Markers of the template become control tokens; message contents, tool descriptions and
 * tool arguments never do: a user who writes `<｜Assistant｜>` or `<think>` has written a few characters. For messages without
 * markers this equals `tokenizer.encode(renderChat(messages, options))`.
 *
 * @throws ChatError if a message or tool is not valid
 * @throws UnsupportedTokenizerError if the tokenizer lacks a marker, or its model makes one from plain text
 */
export function encodeChat(
  tokenizer: TextCodec,
  messages: readonly ChatMessage[],
  options: RenderOptions = {},
): number[] {
  return encodeSegments(tokenizer, renderChatSegments(messages, options))
}

/**
 * The ids of segments: one for each control segment, plain text without added tokens for the others.
 *
 * @param markers what plain text must not become; by default the markers of DeepSeek-V3.1
 */
export function encodeSegments(
  tokenizer: TextCodec,
  segments: readonly ChatSegment[],
  markers: readonly string[] = Object.values(MARKERS),
): number[] {
  const ids: number[] = []
  const markerIds = new Set(markers.map((marker) => tokenizer.idOf(marker)))
  for (const { text, control } of segments) {
    if (!control) {
      for (const id of tokenizer.encode(text, { addedTokens: false })) {
        if (markerIds.has(id)) throw reachableMarker(tokenizer, id)
        ids.push(id)
      }
      continue
    }
    const id = tokenizer.idOf(text)
    if (id === undefined) {
      const expected = `a list with the chat marker ${text}`
      throw new UnsupportedTokenizerError({ path: 'added_tokens', value: undefined, expected })
    }
    ids.push(id)
  }
  return ids
}

/** In a vocabulary that holds a marker as an ordinary word, text could become a control token after all. */
function reachableMarker(tokenizer: TextCodec, id: number): UnsupportedTokenizerError {
  const expected = 'a model in which plain text never becomes a chat marker'
  return new UnsupportedTokenizerError({ path: 'model', value: tokenizer.tokenOf(id), expected })
}

/** Turns generated ids into segments for `ChatParser.push`, so that only real control tokens count as markers. */
export interface SegmentDecoder {
  push(id: number): ChatSegment[]
  finish(): ChatSegment[]
}

/** A segment decoder for one output. `markers`: the control tokens of the format, by default of DeepSeek-V3.1. */
export function createSegmentDecoder(
  tokenizer: TextCodec,
  markers: readonly string[] = Object.values(MARKERS),
): SegmentDecoder {
  const controls = new Map<number, string>()
  for (const { id, content } of tokenizer.addedTokens)
    if (markers.includes(content)) controls.set(id, content)
  const decoder = tokenizer.streamDecoder()
  const plain = (text: string): ChatSegment[] => (text === '' ? [] : [{ text, control: false }])
  return {
    push(id) {
      const marker = controls.get(id)
      if (marker === undefined) return plain(decoder.push(id))
      return [...plain(decoder.finish()), { text: marker, control: true }]
    },
    finish: () => plain(decoder.finish()),
  }
}
