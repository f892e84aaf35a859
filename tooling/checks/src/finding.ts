/** What a check is and what it finds. */

export interface Finding {
  /** One entry for each thing to mend; none means the check passed. */
  readonly problems: readonly string[]
  /** What was looked at, for the table: `212 files`. */
  readonly note: string
  /** Lines worth seeing when the check is asked for by name, even when it passes. */
  readonly details?: readonly string[]
}

export interface Check {
  /** The word that selects it: `pnpm check lint`. */
  readonly name: string
  /** One line: what passes. */
  readonly about: string
  run(): Finding | Promise<Finding>
}
