/** A grammar at work on one text: which tokens may come, and what was taken. */
import { TokenRefusedError } from './errors.ts'
import { forcedTokens } from './forced.ts'
import type { Grammar } from './grammar.ts'
import { type Configuration, Machine } from './machine.ts'
import { Masks, SharedMasks } from './masks.ts'
import { moveConfiguration } from './move.ts'
import { TokenTrie, type Vocabulary } from './token-trie.ts'

/** What one table of configurations may hold, about 1 KB each; then a new one is begun. */
const MOST_CONFIGURATIONS = 16_384
/** Masks kept for each grammar, 16 KB each for 128,000 tokens. */
const MOST_MASKS = 256
/** Where a text stands after an end token. */
const ENDED = -1

/** Builds constraints for one vocabulary. Making it takes about a tenth of a second for 128,000 tokens; keep it. */
export class Constrainer {
  readonly trie: TokenTrie
  readonly #shared: SharedMasks
  readonly #tables = new WeakMap<Grammar, Tables>()

  /** @throws OptionError for a size of the vocabulary that is not an integer in 1 .. 2^20 */
  constructor(vocabulary: Vocabulary) {
    this.trie = new TokenTrie(vocabulary)
    this.#shared = new SharedMasks(this.trie)
  }

  /** A constraint at the beginning of a text. Those of one grammar share what they find out. */
  start(grammar: Grammar): Constraint {
    const tables = this.tables(grammar)
    return new Constraint(this, grammar, tables, [tables.machine.root])
  }

  /** @internal The tables of a grammar; new ones when the old ones are full. */
  tables(grammar: Grammar): Tables {
    let tables = this.#tables.get(grammar)
    if (tables === undefined || tables.machine.configurations.length > MOST_CONFIGURATIONS) {
      tables = new Tables(grammar, this.#shared)
      this.#tables.set(grammar, tables)
    }
    return tables
  }
}

/** @internal What is known of a grammar so far. */
export class Tables {
  readonly machine: Machine
  readonly masks: Masks
  readonly #kept = new Map<number, Uint32Array>()
  readonly #words: number

  constructor(grammar: Grammar, shared: SharedMasks) {
    this.machine = new Machine(grammar)
    this.masks = new Masks(this.machine, shared)
    this.#words = shared.trie.words
  }

  mask(configuration: number): Uint32Array {
    const known = this.#kept.get(configuration)
    if (known !== undefined) return known
    if (this.#kept.size >= MOST_MASKS) {
      const [oldest] = this.#kept.keys()
      this.#kept.delete(oldest as number)
    }
    const bits = new Uint32Array(this.#words)
    this.masks.fill(configuration, bits)
    this.#kept.set(configuration, bits)
    return bits
  }
}

export class Constraint {
  readonly #constrainer: Constrainer
  readonly #grammar: Grammar
  #tables: Tables
  /** The configuration at the start and after each token. */
  #history: number[]

  /** @internal Call `Constrainer.start`. */
  constructor(constrainer: Constrainer, grammar: Grammar, tables: Tables, history: number[]) {
    this.#constrainer = constrainer
    this.#grammar = grammar
    this.#tables = tables
    this.#history = history
  }

  /** Whether an end token was accepted. */
  get ended(): boolean {
    return this.#at === ENDED
  }

  /** Whether the text so far is complete: an end token may come. */
  get complete(): boolean {
    return this.ended || (this.#configuration?.complete ?? false)
  }

  /**
   * The tokens that may come, as bits: token t is bit t % 32 of word t / 32. To be read before the next call, and not to be
   * changed. After the end: none.
   *
   * @throws GrammarLimitError if the grammar is so ambiguous that the work for one token passes a limit
   */
  mask(): Uint32Array {
    if (this.ended) return new Uint32Array(this.#constrainer.trie.words)
    this.#tables.machine.frames.resetWork()
    return this.#tables.mask(this.#at)
  }

  /** Whether a token may come. */
  allows(id: number): boolean {
    return this.#next(id) !== undefined
  }

  /**
   * Takes a token.
   *
   * @throws TokenRefusedError if the mask does not allow it; nothing is changed then
   * @throws GrammarLimitError as `mask`
   */
  accept(id: number): void {
    this.#renew()
    const next = this.#next(id)
    if (next === undefined) throw new TokenRefusedError(id)
    this.#history.push(next)
  }

  /** Takes back the last tokens; at most all of them. */
  rollback(tokens: number): void {
    this.#history.length = Math.max(1, this.#history.length - Math.max(0, tokens))
  }

  /** Another constraint at the same place. */
  clone(): Constraint {
    return new Constraint(this.#constrainer, this.#grammar, this.#tables, [...this.#history])
  }

  /**
   * The tokens that must come next: markers, and bytes without a choice, in the longest tokens that hold them. Empty where
   * there is a choice, and where a longer token could begin in the same place.
   */
  forcedTokens(): number[] {
    if (this.ended) return []
    this.#tables.machine.frames.resetWork()
    return forcedTokens(this.#tables.machine, this.#at, this.#constrainer.trie)
  }

  get #at(): number {
    return this.#history.at(-1) as number
  }

  get #configuration(): Configuration | undefined {
    return this.#tables.machine.configurations[this.#at]
  }

  #next(id: number): number | undefined {
    if (this.ended) return undefined
    const { machine } = this.#tables
    const { trie } = this.#constrainer
    machine.frames.resetWork()
    if (this.complete && trie.endIds.includes(id)) return ENDED
    if (id >= 0 && id < trie.size) {
      const named = machine.stepToken(this.#at, id)
      if (named >= 0) return named
    }
    const bytes = trie.bytesOf(id)
    if (bytes === undefined) return undefined
    let at = this.#at
    for (const byte of bytes) {
      at = machine.step(at, byte)
      if (at < 0) return undefined
    }
    return at
  }

  /** Moves to new tables when the old ones are full. Only the last place is moved: what is older cannot be taken back. */
  #renew(): void {
    const tables = this.#constrainer.tables(this.#grammar)
    if (tables === this.#tables || this.ended) return
    this.#history = [moveConfiguration(this.#tables.machine, this.#at, tables.machine)]
    this.#tables = tables
  }
}
