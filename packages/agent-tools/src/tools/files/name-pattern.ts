/**
 * Whether a name matches a pattern with `*` (any characters) and `?` (one). Time is at most the product of both
 * lengths: a star that fails is only extended by one character, and earlier stars are never tried again.
 */
export function matchesName(name: string, pattern: string): boolean {
  let [at, place] = [0, 0]
  let star = -1
  let resume = 0
  while (at < name.length) {
    const wanted = pattern[place]
    if (wanted === '*') {
      star = place++
      resume = at
    } else if (wanted === '?' || wanted === name[at]) {
      at += 1
      place += 1
    } else if (star >= 0) {
      place = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[place] === '*') place += 1
  return place === pattern.length
}
