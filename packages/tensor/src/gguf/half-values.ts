import { decodeArray } from '@octoscale/fp8-core'

let table: Float32Array | undefined

/**
 * The values of all f16 codes, by code: 256 KiB, made when the first scale of a block is decoded, and shared. A look-up
 * in the inner loops costs less than a call for each block.
 */
export function halfValues(): Float32Array {
  table ??= decodeArray(
    Uint16Array.from({ length: 65_536 }, (_, code) => code),
    'f16',
  )
  return table
}
