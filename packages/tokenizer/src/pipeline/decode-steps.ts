/** Steps of a decoder: texts of tokens in, texts out, one at a time. What comes out in all is what the Rust library makes. */

import { newUtf8Decoder } from './byte-decoder.ts'
import { tokenBytes } from './byte-level.ts'

export interface DecodeStep {
  push(text: string, out: string[]): void
  /** The end of the tokens: what was held back. */
  finish(out: string[]): void
}

/** Each text on its own; `index` counts them. */
export function eachText(change: (text: string, index: number) => string): DecodeStep {
  let index = 0
  return { push: (text, out) => out.push(change(text, index++)), finish: () => {} }
}

/** A change that must see all the text: what comes before was joined to one. */
export function wholeText(change: (text: string) => string): DecodeStep {
  const parts: string[] = []
  return {
    push: (text) => parts.push(text),
    finish: (out) => out.push(change(parts.join(''))),
  }
}

/** `ByteLevel`: tokens spelled in the alphabet of bytes. */
export function byteLevel(): DecodeStep {
  const utf8 = newUtf8Decoder()
  return {
    push: (text, out) => out.push(utf8.decode(tokenBytes(text), { stream: true })),
    finish: (out) => out.push(utf8.decode()),
  }
}

/**
 * `ByteFallback`: runs of `<0xE4>` are bytes of UTF-8. A run that is not valid is as many U+FFFD as bytes, also where it
 * began well, so nothing of it is certain before its end.
 */
export function byteFallback(): DecodeStep {
  let bytes: number[] = []
  const flush = (out: string[]): void => {
    if (bytes.length === 0) return
    try {
      out.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)))
    } catch {
      for (const _ of bytes) out.push('\ufffd')
    }
    bytes = []
  }
  return {
    push(text, out) {
      const byte = byteOf(text)
      if (byte !== undefined) {
        bytes.push(byte)
        return
      }
      flush(out)
      out.push(text)
    },
    finish: flush,
  }
}

/** The byte that a token such as `<0x0A>` stands for. */
export function byteOf(token: string): number | undefined {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : undefined
}

/** `Strip` of one text: at most `start` times `content` off its beginning, at most `stop` off its end. */
export function strip(text: string, content: string, start: number, stop: number): string {
  let from = 0
  let to = text.length
  for (let i = 0; i < start && text.startsWith(content, from); i++) from += content.length
  for (let i = 0; i < stop && to > from && text.endsWith(content, to); i++) to -= content.length
  return text.slice(from, to)
}

/** `Strip` at the beginning of a text that comes in parts. */
export function stripBeginning(content: string, start: number): DecodeStep {
  let left = start
  return {
    push(text, out) {
      let from = 0
      while (left > 0 && from < text.length) {
        if (!text.startsWith(content, from)) left = 0
        else {
          from += content.length
          left--
        }
      }
      out.push(text.slice(from))
    },
    finish: () => {},
  }
}

/** `BPEDecoder`: the suffix is a space, at the end of the last token nothing. */
export function suffixes(suffix: string): DecodeStep {
  let held: string | undefined
  return {
    push(text, out) {
      if (held !== undefined) out.push(held.replaceAll(suffix, ' '))
      held = text
    },
    finish(out) {
      if (held !== undefined) out.push(held.replaceAll(suffix, ''))
      held = undefined
    },
  }
}
