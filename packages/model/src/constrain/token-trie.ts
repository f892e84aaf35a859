/** The vocabulary as a tree of bytes in flat arrays: walking it visits every beginning of a token once. */
import { OptionError } from '../errors.ts'

/** What is needed of a tokenizer. */
export interface Vocabulary {
  /** Number of ids. */
  readonly size: number
  /** The bytes that a token writes; undefined for ids that write nothing. */
  bytesOf(id: number): Uint8Array | undefined
  /** Tokens that end the text. */
  readonly endIds: readonly number[]
  /** Tokens that are markers, whatever their spelling: never allowed as text. End tokens need not be named again. */
  readonly controlIds: readonly number[]
}

/** Bytes of a token; longer ones are left out, and so never allowed. */
const LONGEST = 1024
/** The first bytes of a token and its id make one exact number: 32 bits and 20. */
const MOST = 2 ** 20

export class TokenTrie {
  readonly size: number
  readonly endIds: readonly number[]
  readonly controlIds: ReadonlySet<number>
  /** Words of a mask, 32 tokens each. */
  readonly words: number
  /** Nodes in depth-first order, children in order of bytes; node 0 is the first byte of the first token. */
  readonly byte: Uint8Array
  /** 1 for first bytes. */
  readonly depth: Uint16Array
  /** The first node behind the subtree. */
  readonly skip: Int32Array
  /** The token that ends here, or -1. */
  readonly token: Int32Array
  /** Further tokens with the same bytes: to the next of them, or absent. */
  readonly twin: ReadonlyMap<number, number>
  readonly deepest: number
  readonly #bytes: readonly (Uint8Array | undefined)[]

  /** @throws OptionError for a size that is not an integer in 1 .. 2^20 */
  constructor(vocabulary: Vocabulary) {
    const { size } = vocabulary
    if (!Number.isInteger(size) || size < 1 || size > MOST) {
      throw new OptionError({ option: 'vocabulary.size', expected: `an integer in 1 .. ${MOST}`, got: size })
    }
    this.size = size
    this.words = Math.ceil(size / 32)
    this.endIds = vocabulary.endIds.filter((id) => id >= 0 && id < size)
    this.controlIds = new Set([...this.endIds, ...vocabulary.controlIds])
    const bytes: (Uint8Array | undefined)[] = new Array(size)
    const keys = new Float64Array(size)
    let [count, total, deepest] = [0, 0, 0]
    for (let id = 0; id < size; id++) {
      if (this.controlIds.has(id)) continue
      const token = vocabulary.bytesOf(id)
      if (token === undefined || token.length === 0 || token.length > LONGEST) continue
      bytes[id] = token
      const [a = 0, b = 0, c = 0, d = 0] = token
      keys[count++] = (((a * 256 + b) * 256 + c) * 256 + d) * MOST + id
      total += token.length
      deepest = Math.max(deepest, token.length)
    }
    this.#bytes = bytes
    this.deepest = deepest
    const sorted = sortedIds(keys.subarray(0, count), bytes)
    const trie = buildTrie(sorted, bytes, total, deepest)
    this.byte = trie.byte
    this.depth = trie.depth
    this.skip = trie.skip
    this.token = trie.token
    this.twin = trie.twin
  }

  /** The bytes that a token writes as text; undefined for control tokens and ids without bytes. */
  bytesOf(id: number): Uint8Array | undefined {
    return this.#bytes[id]
  }
}

/** Ids in order of their bytes: by native sorting of the first four, then by comparison where those are equal. */
function sortedIds(keys: Float64Array, bytes: readonly (Uint8Array | undefined)[]): Int32Array {
  keys.sort()
  const ids = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) ids[i] = (keys[i] as number) % MOST
  const order = (a: number, b: number): number =>
    compare(bytes[a] as Uint8Array, bytes[b] as Uint8Array) || a - b
  for (let from = 0; from < ids.length; ) {
    const prefix = Math.floor((keys[from] as number) / MOST)
    let to = from + 1
    while (to < ids.length && Math.floor((keys[to] as number) / MOST) === prefix) to++
    if (to - from > 1) ids.subarray(from, to).sort(order)
    from = to
  }
  return ids
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

type Arrays = Pick<TokenTrie, 'byte' | 'depth' | 'skip' | 'token' | 'twin'>

function buildTrie(
  ids: Int32Array,
  bytes: readonly (Uint8Array | undefined)[],
  most: number,
  deepest: number,
): Arrays {
  const [byte, depth] = [new Uint8Array(most), new Uint16Array(most)]
  const [skip, token] = [new Int32Array(most), new Int32Array(most).fill(-1)]
  const twin = new Map<number, number>()
  const path = new Int32Array(deepest)
  let [nodes, open] = [0, 0]
  let previous: Uint8Array = new Uint8Array(0)
  for (const id of ids) {
    const text = bytes[id] as Uint8Array
    let shared = 0
    while (shared < open && shared < text.length && previous[shared] === text[shared]) shared++
    while (open > shared) skip[path[--open] as number] = nodes
    for (; open < text.length; open++) {
      byte[nodes] = text[open] as number
      depth[nodes] = open + 1
      path[open] = nodes++
    }
    const node = path[open - 1] as number
    const known = token[node] as number
    if (known >= 0) twin.set(id, known)
    token[node] = id
    previous = text
  }
  while (open > 0) skip[path[--open] as number] = nodes
  return {
    byte: byte.slice(0, nodes),
    depth: depth.slice(0, nodes),
    skip: skip.slice(0, nodes),
    token: token.slice(0, nodes),
    twin,
  }
}
