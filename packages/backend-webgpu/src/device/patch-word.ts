/** Writing less than a word, which no WebGPU command can. */
import { type Program, writes } from '../wgsl/program.ts'
import type { DeviceBuffer } from './buffer.ts'
import type { Recorder } from './recorder.ts'

const program: Program = {
  name: 'patch-word',
  code: () => `
@compute @workgroup_size(1)
fn main() {
  set_whole_bits(params.word, (whole_bits(params.word) & ~params.mask) | params.value);
}`,
}

/** Records the write of 1 to 3 bytes, all within one word, at a byte offset. */
export function patchWord(recorder: Recorder, buffer: DeviceBuffer, offset: number, data: Uint8Array): void {
  const value = new DataView(new ArrayBuffer(4))
  const mask = new DataView(new ArrayBuffer(4))
  data.forEach((byte, i) => {
    value.setUint8((offset % 4) + i, byte)
    mask.setUint8((offset % 4) + i, 0xff)
  })
  const whole = { buffer, dtype: 'i32', shape: [1], offset: 0 } as const
  recorder.run({
    program,
    tensors: { whole: writes(whole) },
    numbers: {
      word: Math.floor(offset / 4),
      mask: mask.getUint32(0, true),
      value: value.getUint32(0, true),
    },
    workgroups: 1,
  })
}
