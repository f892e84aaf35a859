/** Reads the key-value pairs of a GGUF file; in the package the user does that with @octoscale/tensor. Tests only. */
import { closeSync, openSync, readSync } from 'node:fs'

/** Headers of more bytes are not expected here. */
const HEADER_BYTES = 2 ** 25

export function readGgufMetadata(path: string): Map<string, unknown> {
  const file = openSync(path, 'r')
  const data = Buffer.alloc(HEADER_BYTES)
  readSync(file, data, 0, HEADER_BYTES, 0)
  closeSync(file)
  let at = 16
  const number = (bytes: number, read: () => number | bigint): number => {
    const value = Number(read())
    at += bytes
    return value
  }
  const u64 = (): number => number(8, () => data.readBigUInt64LE(at))
  const u32 = (): number => number(4, () => data.readUInt32LE(at))
  const string = (): string => {
    const length = u64()
    at += length
    return data.toString('utf8', at - length, at)
  }
  const value = (type: number): unknown => {
    if (type === 8) return string()
    if (type === 9) {
      const itemType = u32()
      return Array.from({ length: u64() }, () => value(itemType))
    }
    if (type === 7) return number(1, () => data.readUInt8(at)) === 1
    if (type <= 1) return number(1, () => (type === 0 ? data.readUInt8(at) : data.readInt8(at)))
    if (type <= 3) return number(2, () => (type === 2 ? data.readUInt16LE(at) : data.readInt16LE(at)))
    if (type === 4) return u32()
    if (type === 5) return number(4, () => data.readInt32LE(at))
    if (type === 6) return number(4, () => data.readFloatLE(at))
    return type === 12 ? number(8, () => data.readDoubleLE(at)) : u64()
  }
  const pairs = u64()
  return new Map(Array.from({ length: pairs }, () => [string(), value(u32())]))
}
