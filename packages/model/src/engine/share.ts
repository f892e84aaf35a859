/**
 * Divides `total` units among `needs`: everyone gets the same, but not more than needed, and what one leaves goes to the
 * others. Returns whole units; of what does not divide evenly, those with the larger need get one more, later ones first.
 */
export function share(needs: readonly number[], total: number): number[] {
  const shares = needs.map(() => 0)
  const smallestFirst = [...needs.keys()].sort((a, b) => (needs[a] as number) - (needs[b] as number) || a - b)
  let left = total
  smallestFirst.forEach((index, done) => {
    const part = Math.min(needs[index] as number, Math.floor(left / (needs.length - done)))
    shares[index] = part
    left -= part
  })
  return shares
}
