import { CodeError } from '../errors.ts'

/** Looked through before anything is written, so that a refused call leaves `out` as it was. @throws {CodeError} */
export function checkCodes(format: string, codes: Uint8Array, bits: number): void {
  let seen = 0
  for (let i = 0; i < codes.length; i++) seen |= codes[i]!
  if (seen < 2 ** bits) return
  const index = codes.findIndex((code) => code >= 2 ** bits)
  throw new CodeError({ format, code: codes[index]!, bits, index })
}
