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
 * began well, so nothing of it is certain before its end, or before it is broken.
 */
export function byteFallback(): DecodeStep {
  let utf8: ReturnType<typeof newUtf8Decoder> | undefined
  let held = ''
  let count = 0
  let isBroken = false
  const pushByte = (byte: number, out: string[]): void => {
    count++
    if (isBroken) {
      out.push(INVALID)
      return
    }
    utf8 ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    try {
      held += utf8.decode(Uint8Array.of(byte), { stream: true })
    } catch {
      isBroken = true
      out.push(INVALID.repeat(count))
    }
  }
  const endRun = (out: string[]): void => {
    if (count > 0 && !isBroken) {
      try {
        utf8?.decode()
        out.push(held)
      } catch {
        out.push(INVALID.repeat(count))
      }
    }
    utf8 = undefined
    held = ''
    count = 0
    isBroken = false
  }
  return {
    push(text, out) {
      const byte = byteOf(text)
      if (byte !== undefined) {
        pushByte(byte, out)
        return
      }
      endRun(out)
      out.push(text)
    },
    finish: endRun,
  }
}

const INVALID = '\ufffd'

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

/** `Strip` at the end of a text that comes in parts: what may be stripped is held back. */
export function stripEnd(content: string, stop: number): DecodeStep {
  let held = 0
  return {
    push(text, out) {
      let end = text.length
      let count = 0
      for (; end > 0 && text.endsWith(content, end); end -= content.length) count++
      if (end > 0) {
        out.push(content.repeat(held) + text.slice(0, end))
        held = 0
      }
      held += count
      if (held > stop) {
        out.push(content.repeat(held - stop))
        held = stop
      }
    },
    finish: () => {
      held = 0
    },
  }
}

/** `BPEDecoder`: the suffix is a space, in the last token nothing. What stands before the first one is certain. */
export function suffixes(suffix: string): DecodeStep {
  let held = ''
  return {
    push(text, out) {
      const at = suffix === '' ? 0 : text.indexOf(suffix)
      const end = at < 0 ? text.length : at
      out.push(held.replaceAll(suffix, ' ') + text.slice(0, end))
      held = text.slice(end)
    },
    finish(out) {
      out.push(held.replaceAll(suffix, ''))
      held = ''
    },
  }
}
