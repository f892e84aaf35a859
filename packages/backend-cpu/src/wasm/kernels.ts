/** The WebAssembly module: is it supported, and what does it export. */
import { DeviceError } from '@octoscale/tensor'
import { kernelsWasm } from '../generated/kernels-wasm.ts'

/** Exports of `assembly/index.ts`. Addresses and strides are in bytes, counts in elements. */
export interface Kernels {
  readonly heapBase: WebAssembly.Global
  addRow(a: number, b: number, rows: number, columns: number, out: number): void
  decode(kind: number, source: number, count: number, scale: number, destination: number): void
  decodeRows(matrix: number, first: number, rows: number, destination: number): void
  absorbQuery(
    q: number,
    qStride: number,
    tokens: number,
    nope: number,
    rotated: number,
    keys: number,
    rank: number,
    scale: number,
    query: number,
    queryStride: number,
  ): void
  attend(
    query: number,
    heads: number,
    group: number,
    width: number,
    keys: number,
    keyStride: number,
    values: number,
    valueStride: number,
    valueWidth: number,
    pages: number,
    pageSize: number,
    count: number,
    out: number,
    scratch: number,
  ): void
  copyRows(
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    rows: number,
    bytes: number,
  ): void
  scatterRows(source: number, indices: number, target: number, rows: number, bytes: number): void
  linear(
    matrix: number,
    firstRow: number,
    rows: number,
    x: number,
    xStride: number,
    tokens: number,
    out: number,
    outStride: number,
    panel: number,
  ): void
  addScaled(x: number, factor: number, count: number, out: number): void
  rmsNorm(
    x: number,
    residual: number,
    weight: number,
    epsilon: number,
    tokens: number,
    hidden: number,
    out: number,
  ): void
  rope(
    x: number,
    tokens: number,
    heads: number,
    headDim: number,
    halfDim: number,
    halves: boolean,
    positions: number,
    table: number,
  ): void
  selectExperts(
    logits: number,
    softmax: boolean,
    bias: number,
    tokens: number,
    experts: number,
    groups: number,
    best: boolean,
    topGroups: number,
    topK: number,
    normalize: boolean,
    scalingFactor: number,
    choice: number,
    indices: number,
    weights: number,
  ): void
  siluMul(gate: number, up: number, count: number, out: number): void
  writeLatent(
    kv: number,
    weight: number,
    epsilon: number,
    tokens: number,
    rank: number,
    halfDim: number,
    positions: number,
    rows: number,
    table: number,
    cache: number,
  ): void
}

/** One page, which the heap lets grow. Throws `DeviceError` where the runtime has no WebAssembly. */
export function createMemory(): WebAssembly.Memory {
  if (typeof WebAssembly === 'undefined') {
    const missing = 'this runtime has no WebAssembly; use the reference backend'
    throw new DeviceError({ backend: 'wasm', missing })
  }
  return new WebAssembly.Memory({ initial: 1 })
}

/**
 * Compiles the kernels over `memory`. Throws `DeviceError` where the runtime has no 128-bit SIMD
 * (Node >= 16.4, Chrome >= 91, Firefox >= 89 and Safari >= 16.4 have it).
 */
export async function instantiateKernels(memory: WebAssembly.Memory): Promise<Kernels> {
  const bytes = Uint8Array.from(atob(kernelsWasm), (character) => character.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) {
    const missing =
      'this runtime has no WebAssembly SIMD (128-bit); use a newer one, or the reference backend'
    throw new DeviceError({ backend: 'wasm', missing })
  }
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
  return instance.exports as unknown as Kernels
}
