/**
 * SHA-256 in parts: WebCrypto has no such thing, and a shard does not fit into memory. Node's own where there is Node,
 * which uses the processor's instructions and is several times as fast.
 */
import { sha256 as noble } from '@noble/hashes/sha2.js'
import { findNodeModule } from './disk.ts'

export interface Sha256 {
  update(bytes: Uint8Array): void
  /** 64 lower-case hexadecimal digits; to be called once, last. */
  digest(): string
}

/** A hash of nothing yet. `native: false`: without Node's, as in a page. */
export function createSha256(native = true): Sha256 {
  const crypto = native ? findNodeModule('node:crypto') : undefined
  if (crypto !== undefined) {
    const hash = crypto.createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
  }
  const hash = noble.create()
  return { update: (bytes) => void hash.update(bytes), digest: () => hexadecimal(hash.digest()) }
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
