/** Test data: the checkpoints of `tooling/fixtures/layouts/make_layouts.py`, and small ones by hand. */
import { readFileSync } from 'node:fs'
import { bytesSource } from '../files/byte-source.ts'
import { openSafetensors, type SafetensorsFile } from '../files/safetensors.ts'
import { goldenFolder } from '../files/test-files.ts'
import { type TensorToWrite, writeSafetensors } from '../files/write-safetensors.ts'

export const layoutsFolder: string = `${goldenFolder}layouts/`

export interface ExpectedWeight {
  readonly shape: readonly number[]
  readonly dtype: 'f32' | 'bf16'
  /** Of the values, little-endian. */
  readonly sha256: string
  /** The first four values, hexadecimal. */
  readonly first: string
}

export const expectedLayouts: Readonly<
  Record<string, { readonly layout: string; readonly weights: Readonly<Record<string, ExpectedWeight>> }>
> = JSON.parse(readFileSync(`${layoutsFolder}expected.json`, 'utf8'))

export type Config = Record<string, unknown> & { quantization_config: Record<string, unknown> }

/** A fresh copy of the configuration of a golden checkpoint. */
export function goldenConfig(folder: string): Config {
  return JSON.parse(readFileSync(`${layoutsFolder}${folder}/config.json`, 'utf8'))
}

/** A tensor by its dtype and shape; zeros unless bytes are given. */
export function tensorOf(dtype: string, shape: readonly number[], bytes?: ArrayLike<number>): TensorToWrite {
  const bits = { F32: 32, BF16: 16, I32: 32, F4: 4 }[dtype] ?? 8
  const size = (shape.reduce((product, each) => product * each, 1) * bits) / 8
  return {
    dtype: dtype as TensorToWrite['dtype'],
    shape,
    data: Uint8Array.from(bytes ?? new Uint8Array(size)),
  }
}

/** The bytes of float32 values. */
export function f32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

/** A file of these tensors in memory. */
export function fileOf(tensors: Readonly<Record<string, TensorToWrite>>): Promise<SafetensorsFile> {
  return openSafetensors(bytesSource('test.safetensors', writeSafetensors(tensors)))
}
