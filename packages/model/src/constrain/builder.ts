/** Builds a grammar edge by edge. Every node belongs to the rule that was begun last, or to the one it was made for. */
import { EmptyGrammarError, GrammarLimitError } from './errors.ts'
import type { Edge, Grammar, NodeId, OpenRule, RuleId } from './grammar.ts'
import { trim } from './trim.ts'

/** Nodes of all rules together: about 100 MB, and seconds, would be needed beyond. */
const MOST_NODES = 1_000_000

const encoder = new TextEncoder()

export class GrammarBuilder {
  readonly edges: Edge[][] = []
  readonly rules: OpenRule[] = []
  readonly #named = new Map<string, RuleId>()

  node(): NodeId {
    if (this.edges.length >= MOST_NODES) throw new GrammarLimitError({ what: 'nodes', limit: MOST_NODES })
    return this.edges.push([]) - 1
  }

  /** A new rule with its two ends. Its nodes may be added at any time; those of a shape all at once. */
  rule(options: { min?: number; max?: number; shape?: string } = {}): RuleId {
    const start = this.node()
    const end = this.node()
    const { min = 0, max = Number.POSITIVE_INFINITY, shape } = options
    return this.rules.push({ start, end, min, max, shape, first: start }) - 1
  }

  get(rule: RuleId): OpenRule {
    return this.rules[rule] as OpenRule
  }

  /** The rule of this name, built on first use; it may call itself by its name. */
  named(name: string, build: (rule: RuleId) => void, options: { shape?: string } = {}): RuleId {
    const known = this.#named.get(name)
    if (known !== undefined) return known
    const rule = this.rule(options)
    this.#named.set(name, rule)
    build(rule)
    return rule
  }

  /** A point to come back to. */
  mark(): { readonly nodes: number; readonly rules: number } {
    return { nodes: this.edges.length, rules: this.rules.length }
  }

  /** Takes back all nodes and rules since a mark. Nothing before it may lead to them. */
  restore({ nodes, rules }: { readonly nodes: number; readonly rules: number }): void {
    this.edges.length = nodes
    this.rules.length = rules
    for (const [name, rule] of this.#named) if (rule >= rules) this.#named.delete(name)
  }

  empty(from: NodeId, to: NodeId): void {
    this.edges[from]?.push({ kind: 'empty', to })
  }

  counter(kind: 'guard' | 'inc' | 'done', from: NodeId, to: NodeId): void {
    this.edges[from]?.push({ kind, to })
  }

  bytes(from: NodeId, low: number, high: number, to: NodeId): void {
    this.edges[from]?.push({ kind: 'bytes', low, high, to })
  }

  token(from: NodeId, token: number, to: NodeId): void {
    this.edges[from]?.push({ kind: 'token', token, to })
  }

  call(from: NodeId, rule: RuleId, to: NodeId): void {
    this.edges[from]?.push({ kind: 'call', rule, to })
  }

  /** The text as UTF-8; returns the node behind it. */
  text(from: NodeId, text: string): NodeId {
    let node = from
    for (const byte of encoder.encode(text)) {
      const next = this.node()
      this.bytes(node, byte, byte, next)
      node = next
    }
    return node
  }

  /** Several texts from one node, beginnings shared; returns the node behind each. */
  texts(from: NodeId, texts: readonly string[]): NodeId[] {
    const children = new Map<number, NodeId>()
    return texts.map((text) => {
      let node = from
      for (const byte of encoder.encode(text)) {
        // Nodes are below 2^20 and bytes below 2^8: an exact key.
        const key = node * 256 + byte
        let next = children.get(key)
        if (next === undefined) {
          next = this.node()
          this.bytes(node, byte, byte, next)
          children.set(key, next)
        }
        node = next
      }
      return node
    })
  }

  /**
   * The grammar, trimmed. `what` is named in the error.
   *
   * @throws EmptyGrammarError if the root matches no text
   */
  finish(root: RuleId, what: string): Grammar {
    const { grammar, productive } = trim(this.edges, this.rules, root)
    if (!productive[root]) throw new EmptyGrammarError(what)
    return grammar
  }
}
