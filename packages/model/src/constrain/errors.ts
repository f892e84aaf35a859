/** Errors of constrained decoding. Schemas, expressions and tokens come from outside: none of them is trusted. */

/** A regular expression that is malformed, or uses what is not in the subset. */
export class RegexError extends Error {
  override readonly name = 'RegexError'
  /** Index of the UTF-16 unit where the problem begins. */
  readonly at: number
  readonly problem: string
  constructor(facts: { at: number; problem: string }) {
    super(`regular expression, character ${facts.at}: ${facts.problem}`)
    this.at = facts.at
    this.problem = facts.problem
  }
}

/** A grammar or a step through it grew over a limit: the schema or expression is larger than it may be. */
export class GrammarLimitError extends Error {
  override readonly name = 'GrammarLimitError'
  readonly what: string
  readonly limit: number
  constructor(facts: { what: string; limit: number }) {
    super(`more than ${facts.limit} ${facts.what}: use a smaller schema or expression`)
    this.what = facts.what
    this.limit = facts.limit
  }
}

/** No text satisfies the grammar, for example `minLength` above `maxLength`. */
export class EmptyGrammarError extends Error {
  override readonly name = 'EmptyGrammarError'
  readonly what: string
  constructor(what: string) {
    super(`no text satisfies ${what}: relax its constraints`)
    this.what = what
  }
}

/** A token was accepted that the mask does not allow. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError'
  readonly token: number
  constructor(token: number) {
    super(`token ${token} is not allowed here: choose among the tokens of the mask`)
    this.token = token
  }
}
