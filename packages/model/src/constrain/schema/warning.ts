/** What a schema says and the grammar does not follow. */

export interface SchemaWarning {
  /** Place in the schema, as a JSON pointer. */
  readonly pointer: string
  readonly keyword: string
  /** What was done instead. */
  readonly message: string
}

const MOST = 1000

export class Warnings {
  readonly list: SchemaWarning[] = []
  readonly #seen = new Set<string>()

  add(pointer: string, keyword: string, message: string): void {
    const key = `${pointer}\n${keyword}`
    if (this.#seen.has(key) || this.list.length >= MOST) return
    this.#seen.add(key)
    this.list.push({ pointer: `${pointer}/${escapePointer(keyword)}`, keyword, message })
  }
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
