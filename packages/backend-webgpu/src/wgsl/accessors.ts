/**
 * WGSL functions through which a kernel reads and writes one tensor. For a tensor `x`:
 * - `x_bits(i) -> u32`: element i as 32 bits, decoded from its dtype: of an f32, or of an i32;
 * - `x(i) -> f32` or `-> i32`: its value; `x4(i) -> vec4f`: elements i .. i + 3, for floats;
 * - `set_x(i, value)`, `set_x_bits(i, bits)`: if it is written. Elements of fewer bits are written by words:
 *   `set_x_word(i, word)` writes the word that begins with element i.
 *
 * Buffers are bound whole, as u32 words; `params.x_offset` is where the tensor starts, in elements.
 */
import { bytesPerElement, type DType, formatOfDType } from '@octoscale/tensor'
import { decoderName, INTEGER_DECODER } from './decode.ts'

/** The functions of tensor `name`, which lies in the variable `words`. */
export function accessors(name: string, dtype: DType, words: string, written: boolean): string {
  const parts = [bitsReader(name, dtype, words)]
  if (dtype === 'i32') parts.push(`fn ${name}(i: u32) -> i32 { return bitcast<i32>(${name}_bits(i)); }`)
  else {
    parts.push(`fn ${name}(i: u32) -> f32 { return bitcast<f32>(${name}_bits(i)); }`)
    parts.push(fourReader(name, dtype, words))
  }
  if (!written) return parts.join('\n')
  const perWord = 4 / bytesPerElement(dtype)
  if (perWord > 1) {
    parts.push(
      `fn set_${name}_word(i: u32, word: u32) { ${words}[(params.${name}_offset + i) / ${perWord}u] = word; }`,
    )
    return parts.join('\n')
  }
  const type = dtype === 'i32' ? 'i32' : 'f32'
  return `${parts.join('\n')}
fn set_${name}_bits(i: u32, bits: u32) { ${words}[params.${name}_offset + i] = bits; }
fn set_${name}(i: u32, value: ${type}) { set_${name}_bits(i, bitcast<u32>(value)); }`
}

/** Elements per word are 1, 2 or 4: element `at` is in word `at >> shift`, at bit `8 * bytes * (at & mask)`. */
function bitsReader(name: string, dtype: DType, words: string): string {
  const open = `fn ${name}_bits(i: u32) -> u32 {\n  let at = params.${name}_offset + i;`
  const bytes = bytesPerElement(dtype)
  if (bytes === 4) return `${open}\n  return ${words}[at];\n}`
  const [shift, mask] = bytes === 2 ? [1, 1] : [2, 3]
  const code = `(${words}[at >> ${shift}u] >> ((at & ${mask}u) * ${8 * bytes}u)) & ${bytes === 2 ? '0xffffu' : '0xffu'}`
  return `${open}\n  return ${decode(dtype, code)};\n}`
}

/** Reads each word once. Words beyond the last element are read only where WebGPU guards the buffer's end. */
function fourReader(name: string, dtype: DType, words: string): string {
  const open = `fn ${name}4(i: u32) -> vec4f {`
  const bytes = bytesPerElement(dtype)
  if (bytes === 4)
    return `${open} return vec4f(${name}(i), ${name}(i + 1u), ${name}(i + 2u), ${name}(i + 3u)); }`
  const value = (code: string): string => `bitcast<f32>(${decode(dtype, code)})`
  const start = `\n  let at = params.${name}_offset + i;`
  if (bytes === 2) {
    const halves = ['a & 0xffffu', 'a >> 16u', 'b & 0xffffu', 'b >> 16u']
    return `${open}${start}
  let word = at >> 1u;
  var a = ${words}[word];
  var b = ${words}[word + 1u];
  if ((at & 1u) == 1u) {
    a = (a >> 16u) | (b << 16u);
    b = (b >> 16u) | (${words}[word + 2u] << 16u);
  }
  return vec4f(${halves.map(value).join(', ')});
}`
  }
  const codes = [0, 8, 16, 24].map((bit) => `(a >> ${bit}u) & 0xffu`)
  return `${open}${start}
  var a = ${words}[at >> 2u];
  let skipped = (at & 3u) * 8u;
  if (skipped != 0u) { a = (a >> skipped) | (${words}[(at >> 2u) + 1u] << (32u - skipped)); }
  return vec4f(${codes.map(value).join(', ')});
}`
}

function decode(dtype: DType, code: string): string {
  if (dtype === 'i8') return `${INTEGER_DECODER}(${code})`
  return isCode(dtype) ? `${decoderName(formatOfDType[dtype])}(${code})` : code
}

/** Whether elements are codes of a number format, and need its decoder. */
export function isCode(dtype: DType): dtype is keyof typeof formatOfDType {
  return dtype in formatOfDType
}
