/**
 * Grammars as networks: a rule is a nondeterministic automaton over bytes whose edges may also call another rule (and go
 * on behind it) or take one token of the vocabulary, such as a marker that has no spelling in text. What a rule calls is
 * remembered on a stack, so nesting has no limit here.
 *
 * A rule may count: `guard` is passed while count < max, `inc` adds one, `done` is passed when count >= min.
 */
export type RuleId = number
export type NodeId = number

export type Edge =
  | { readonly kind: 'bytes'; readonly low: number; readonly high: number; readonly to: NodeId }
  | { readonly kind: 'call'; readonly rule: RuleId; readonly to: NodeId }
  | { readonly kind: 'token'; readonly token: number; readonly to: NodeId }
  | { readonly kind: 'empty' | 'guard' | 'inc' | 'done'; readonly to: NodeId }

export interface Rule {
  readonly start: NodeId
  readonly end: NodeId
  /** Bounds of the counter. */
  readonly min: number
  readonly max: number
  /** Rules of equal shape have equal nodes, counted from `first`; masks are shared among them. */
  readonly shape?: string | undefined
  readonly first: NodeId
  /** This rule counts the characters of a string: `boundary` is the node before a closing quote. */
  readonly counted?: { readonly measure: RuleId; readonly boundary: NodeId } | undefined
  /** Rules whose start calls others stand before them: an order in which calls can be entered. */
  readonly order: number
}

/** A rule that is being built. */
export interface OpenRule {
  start: NodeId
  end: NodeId
  min: number
  max: number
  shape?: string | undefined
  first: NodeId
  counted?: { readonly measure: RuleId; readonly boundary: NodeId } | undefined
}

/** A finished grammar: trimmed, so that every text that is a beginning can be completed. */
export interface Grammar {
  readonly rules: readonly Rule[]
  readonly edges: readonly (readonly Edge[])[]
  readonly root: RuleId
}

/** Code points or bytes, ends included. */
export type Range = readonly [low: number, high: number]
