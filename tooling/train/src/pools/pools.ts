import { createRandom, type Random } from '../random.ts'
import * as names from './names.ts'
import * as words from './words.ts'

export type PoolName = keyof typeof names | keyof typeof words
const sources: Readonly<Record<PoolName, readonly string[]>> = { ...names, ...words }
export type Pools = Readonly<Record<PoolName, readonly string[]>>

/** Closed lists (a file can end in few ways, there are few languages): nothing is held out of them. */
const closed = new Set<PoolName>(['extensions', 'syllables', 'plurals', 'products', 'languages', 'folders'])
const HELD_OUT_SHARE = 0.12

/** A string stays on one side even when two lists contain it (Sofia is a name and a city). */
function heldOutWords(): Set<string> {
  const held = new Set<string>()
  for (const name of Object.keys(sources) as PoolName[]) {
    if (closed.has(name)) continue
    const random: Random = createRandom(77, name)
    const items = sources[name]
    for (const item of random.sample(items, Math.round(items.length * HELD_OUT_SHARE))) held.add(item)
  }
  return held
}

const held = heldOutWords()

function split(evaluation: boolean): Pools {
  const out: Partial<Record<PoolName, readonly string[]>> = {}
  for (const name of Object.keys(sources) as PoolName[]) {
    const items = [...new Set(sources[name])]
    out[name] = closed.has(name) ? items : items.filter((item) => held.has(item) === evaluation)
  }
  return out as Pools
}

export const trainPools: Pools = split(false)
export const heldOutPools: Pools = split(true)

/** Every string that may be copied into an argument; none may be merged with its leading space. */
export const poolWords: ReadonlySet<string> = new Set(Object.values(sources).flat())
