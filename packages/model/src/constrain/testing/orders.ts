/** A value with the properties of its objects in every order, as compact JSON: a grammar takes one of them. */
export function* inEveryOrder(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const items of combinations(value)) yield `[${items.join(',')}]`
  } else if (typeof value === 'object' && value !== null) {
    for (const entries of permutations(Object.entries(value))) {
      for (const values of combinations(entries.map(([, part]) => part))) {
        yield `{${values.map((text, i) => `${JSON.stringify(entries[i]?.[0])}:${text}`).join(',')}}`
      }
    }
  } else yield JSON.stringify(value)
}

function* combinations([first, ...rest]: readonly unknown[]): Generator<string[]> {
  if (first === undefined) {
    yield []
    return
  }
  for (const text of inEveryOrder(first)) for (const texts of combinations(rest)) yield [text, ...texts]
}

function* permutations<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield []
  for (const [i, first] of list.entries()) {
    for (const rest of permutations(list.toSpliced(i, 1))) yield [first, ...rest]
  }
}
