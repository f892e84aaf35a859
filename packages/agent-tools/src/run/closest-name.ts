/** The name that was probably meant, or undefined if none is near: at most a third of its letters differ. */
export function closestName(wanted: string, names: Iterable<string>): string | undefined {
  if (wanted.length > 100) return undefined
  let best: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const name of names) {
    const edits = editDistance(wanted.toLowerCase(), name.toLowerCase())
    if (edits < fewest && edits <= Math.max(1, Math.floor(name.length / 3))) {
      best = name
      fewest = edits
    }
  }
  return best
}

/** Levenshtein's distance, row by row: insertions, deletions and replacements from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
