/**
 * The canonical order of combining marks, for long runs of them. JavaScript's `normalize` moves each mark to its place one
 * step at a time: with half a million marks of two classes in turn that takes minutes. In order, they cost it nothing.
 */

/** Runs that are shorter are left to `normalize`. */
const LONG_RUN = /\p{M}{33,}/gu
/** Marks of the lowest and of the highest class there is, 1 and 240. */
const LOWEST = '\u0334'
const HIGHEST = '\u0345'

/** Text that is canonically equivalent, whose long runs of marks are in order; marks that have parts are taken apart. */
export function orderMarks(text: string): string {
  return text.replace(LONG_RUN, orderRun)
}

function orderRun(run: string): string {
  let out = ''
  let waiting: string[] = []
  const flush = (): void => {
    if (waiting.length === 0) return
    const rank = ranks(new Set(waiting))
    out += waiting.sort((a, b) => rank.get(a)! - rank.get(b)!).join('')
    waiting = []
  }
  const known = new Map<string, boolean>()
  for (const mark of takenApart(run)) {
    let moves = known.get(mark)
    if (moves === undefined) {
      moves = changesPlaces(mark, LOWEST) || changesPlaces(HIGHEST, mark)
      known.set(mark, moves)
    }
    if (moves) waiting.push(mark)
    else {
      flush()
      out += mark
    }
  }
  flush()
  return out
}

/** The characters, each in its canonical decomposition. */
function* takenApart(run: string): Generator<string> {
  const known = new Map<string, string[]>()
  for (const character of run) {
    let parts = known.get(character)
    if (parts === undefined) {
      parts = Array.from(character.normalize('NFD'))
      known.set(character, parts)
    }
    yield* parts
  }
}

/** Whether two marks in this order change places in a normal form: the class of the first is higher. */
function changesPlaces(first: string, second: string): boolean {
  return (first + second).normalize('NFD') === second + first && first !== second
}

/** The place of each mark's class among the classes. */
function ranks(marks: ReadonlySet<string>): ReadonlyMap<string, number> {
  // One mark of each class, in order.
  const classes: string[] = []
  const ofMark = new Map<string, string>()
  for (const mark of marks) {
    let low = 0
    let high = classes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (changesPlaces(mark, classes[middle]!)) low = middle + 1
      else high = middle
    }
    const next = classes[low]
    if (next === undefined || changesPlaces(next, mark)) classes.splice(low, 0, mark)
    ofMark.set(mark, classes[low]!)
  }
  const rankOf = new Map(classes.map((mark, rank) => [mark, rank]))
  return new Map(Array.from(marks, (mark) => [mark, rankOf.get(ofMark.get(mark)!)!]))
}
