/**
 * Which tokens may come. What a token does inside the rule on top of the stack does not depend on the stack: those tokens
 * are found once for each frame, together with the places in the trie where the rule has ended and the token goes on. Only
 * from there is the trie walked with the real stack. Inside strings, where nearly all tokens are allowed, that is the
 * difference between milliseconds and microseconds.
 */
import type { Frame } from './frames.ts'
import type { Rule } from './grammar.ts'
import { BOTTOM, type Configuration, type Machine } from './machine.ts'
import type { TokenTrie } from './token-trie.ts'

/** What a frame allows, whatever lies below it. */
export interface FrameMask {
  /** Tokens, as bits if they are many. */
  readonly tokens: Uint32Array | Int32Array
  readonly dense: boolean
  /** Nodes of the trie at which the rule has ended, and below which tokens go on. */
  readonly exits: Int32Array
}

/** What the body of a string allows when characters are counted from here. */
interface Measured {
  readonly bits: Uint32Array
  /** Tokens by the characters they need, most first. */
  readonly byNeed: Int32Array
  readonly needs: Uint16Array
  /** Tokens that end with the rule, and nodes at which it has ended; and the characters before. */
  readonly endings: readonly (readonly [token: number, used: number])[]
  readonly exits: readonly (readonly [node: number, used: number])[]
}

/** Masks of rules that many grammars share, such as strings; one for each vocabulary. */
export class SharedMasks {
  readonly trie: TokenTrie
  readonly frames: Map<string, FrameMask> = new Map()
  readonly measured: Map<string, Measured> = new Map()

  constructor(trie: TokenTrie) {
    this.trie = trie
  }
}

/** Below this many tokens a list is smaller than bits. */
const SPARSE = 1024

export class Masks {
  readonly #machine: Machine
  readonly #shared: SharedMasks
  readonly #frames = new Map<number, FrameMask>()
  readonly #path: Int32Array

  constructor(machine: Machine, shared: SharedMasks) {
    this.#machine = machine
    this.#shared = shared
    this.#path = new Int32Array(shared.trie.deepest + 1)
  }

  /** Sets the bits of all tokens that may follow a configuration, end tokens included; clears the others. */
  fill(id: number, bits: Uint32Array): void {
    const { trie } = this.#shared
    const { frames } = this.#machine
    const { pairs, complete } = this.#machine.configurations[id] as Configuration
    bits.fill(0)
    for (let i = 0; i < pairs.length; i += 2) {
      const frameId = pairs[i] as number
      const mask = this.#frameMask(frameId)
      if (mask.dense)
        for (let w = 0; w < bits.length; w++) bits[w] = (bits[w] as number) | (mask.tokens[w] as number)
      else for (const token of mask.tokens) setBit(bits, token)
      for (const [token] of frames.get(frameId).tokens) if (token < trie.size) setBit(bits, token)
      if (mask.exits.length === 0 || pairs[i + 1] === BOTTOM) continue
      const below = this.#machine.below(pairs[i + 1] as number)
      for (const node of mask.exits) {
        this.#walk(node + 1, trie.skip[node] as number, below, (at) => setToken(bits, trie, at))
      }
    }
    if (complete) for (const token of trie.endIds) setBit(bits, token)
  }

  /** Calls `visit` for every node of the trie in a range that the machine can follow, with its parent's configuration. */
  #walk(
    from: number,
    to: number,
    start: number,
    visit: (node: number, configuration: number, parent: number) => void,
  ): void {
    const { byte, depth, skip, token } = this.#shared.trie
    const machine = this.#machine
    const { rows } = machine
    const path = this.#path
    const base = from < to ? (depth[from] as number) - 1 : 0
    path[base] = start
    for (let node = from; node < to; ) {
      const level = depth[node] as number
      const parent = path[level - 1] as number
      let next = (rows[parent] as Int32Array)[byte[node] as number] as number
      if (next === 0) next = machine.step(parent, byte[node] as number) + 1 || -1
      if (next < 0) {
        node = skip[node] as number
        continue
      }
      path[level] = next - 1
      if (token[node] !== -1 || machine.configurations[next - 1]?.complete) visit(node, next - 1, parent)
      node++
    }
  }

  #frameMask(id: number): FrameMask {
    const known = this.#frames.get(id)
    if (known !== undefined) return known
    const mask = this.#makeFrameMask(this.#machine.frames.get(id), id)
    this.#frames.set(id, mask)
    return mask
  }

  #makeFrameMask(frame: Frame, id: number): FrameMask {
    const { frames } = this.#machine
    const rule = frames.grammar.rules[frame.rule] as Rule
    const states = frame.states.map((state) => frames.split(state))
    const count = states[0]?.[1] ?? 0
    const nodes = states.map(([node]) => node - rule.first)
    if (rule.counted !== undefined && states.every((state) => state[1] === count)) {
      return limited(this.#measure(rule, rule.counted, nodes), rule.min - count, rule.max - count)
    }
    if (rule.shape === undefined || states.some((state) => state[1] !== 0)) return this.#plain(id)
    const key = `${rule.shape}:${nodes.join()}`
    let mask = this.#shared.frames.get(key)
    if (mask === undefined) {
      mask = this.#plain(id)
      this.#shared.frames.set(key, mask)
    }
    return mask
  }

  #plain(id: number): FrameMask {
    const { trie } = this.#shared
    const bits = new Uint32Array(trie.words)
    const exits: number[] = []
    const start = this.#machine.configuration([id, BOTTOM])
    this.#walk(0, trie.byte.length, start, (node, configuration) => {
      setToken(bits, trie, node)
      if (this.#machine.configurations[configuration]?.complete && (trie.skip[node] as number) > node + 1) {
        exits.push(node)
      }
    })
    return compact(bits, exits)
  }

  #measure(rule: Rule, counted: NonNullable<Rule['counted']>, nodes: readonly number[]): Measured {
    const key = `${rule.shape}:${nodes.join()}`
    let measured = this.#shared.measured.get(key)
    if (measured === undefined) {
      measured = this.#makeMeasured(rule, counted, nodes)
      this.#shared.measured.set(key, measured)
    }
    return measured
  }

  #makeMeasured(rule: Rule, counted: NonNullable<Rule['counted']>, nodes: readonly number[]): Measured {
    const { trie } = this.#shared
    const { frames, configurations } = this.#machine
    const measure = frames.grammar.rules[counted.measure] as Rule
    const boundary = counted.boundary - rule.first + measure.first
    const frame = frames.intern(
      counted.measure,
      nodes.map((node) => node + measure.first),
    )
    /** Characters begun when a configuration is reached. */
    const needOf = (configuration: number): number => {
      const states = frames
        .get(configurations[configuration]?.pairs[0] as number)
        .states.map((state) => frames.split(state))
      const whole = states.some(([node]) => node === boundary)
      const isStart = states.some(([node]) => node === measure.start)
      return (states[0]?.[1] as number) + (whole || isStart ? 0 : 1)
    }
    const bits = new Uint32Array(trie.words)
    // By characters: the tokens that need so many.
    const byCount: number[][] = []
    const endings: [number, number][] = []
    const exits: [number, number][] = []
    const cache = new Map<number, number>()
    const need = (configuration: number): number => {
      let known = cache.get(configuration)
      if (known === undefined) {
        known = needOf(configuration)
        cache.set(configuration, known)
      }
      return known
    }
    const start = this.#machine.configuration([frame, BOTTOM])
    this.#walk(0, trie.byte.length, start, (node, configuration, parent) => {
      if (configurations[configuration]?.complete) {
        forTokens(trie, node, (token) => endings.push([token, need(parent)]))
        if ((trie.skip[node] as number) > node + 1) exits.push([node, need(parent)])
        return
      }
      const characters = need(configuration)
      forTokens(trie, node, (token) => {
        setBit(bits, token)
        byCount[characters] ??= []
        byCount[characters].push(token)
      })
    })
    const needs = [...byCount.entries()].reverse().filter(([, list]) => list !== undefined)
    return {
      bits,
      byNeed: Int32Array.from(needs.flatMap(([, list]) => list)),
      needs: Uint16Array.from(needs.flatMap(([count, list]) => list.map(() => count))),
      endings,
      exits,
    }
  }
}

/** What a measured frame allows when at least `min` and at most `max` characters must come before the end. */
function limited(measured: Measured, min: number, max: number): FrameMask {
  const bits = measured.bits.slice()
  for (let i = 0; i < measured.needs.length && (measured.needs[i] as number) > max; i++) {
    const token = measured.byNeed[i] as number
    bits[token >>> 5] = (bits[token >>> 5] as number) & ~(1 << (token & 31))
  }
  const fits = (used: number): boolean => used >= min && used <= max
  for (const [token, used] of measured.endings) if (fits(used)) setBit(bits, token)
  return compact(
    bits,
    measured.exits.filter(([, used]) => fits(used)).map(([node]) => node),
  )
}

function compact(bits: Uint32Array, exits: readonly number[]): FrameMask {
  const list = bitsToList(bits, SPARSE)
  return { tokens: list ?? bits, dense: list === undefined, exits: Int32Array.from(exits) }
}

/** The numbers of the bits that are set, in order; undefined if they are more than `most`. */
export function bitsToList(bits: Uint32Array, most: number): Int32Array | undefined {
  const list: number[] = []
  for (let w = 0; w < bits.length; w++) {
    for (let word = bits[w] as number; word !== 0; word &= word - 1) {
      if (list.length >= most) return undefined
      list.push(w * 32 + 31 - Math.clz32(word & -word))
    }
  }
  return Int32Array.from(list)
}

function setBit(bits: Uint32Array, token: number): void {
  bits[token >>> 5] = (bits[token >>> 5] as number) | (1 << (token & 31))
}

function forTokens(trie: TokenTrie, node: number, act: (token: number) => void): void {
  const token = trie.token[node] as number
  if (token < 0) return
  act(token)
  for (let twin = trie.twin.get(token); twin !== undefined; twin = trie.twin.get(twin)) act(twin)
}

function setToken(bits: Uint32Array, trie: TokenTrie, node: number): void {
  forTokens(trie, node, (token) => setBit(bits, token))
}
