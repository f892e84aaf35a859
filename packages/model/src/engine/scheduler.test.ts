/**
 * The scheduler against a cache that is simulated row by row: each row remembers which text it is of, up to its position;
 * a piece may only be computed where the rows before it remember the right text.
 *
 * Mutations seen red: the last id taken from the cache, too; no copy of a partial page; the piece of a preempted sequence
 * kept; the page of equal text not taken over; pages sealed before they are computed; a preempted sequence queued last, or
 * the first one preempted; one draft too many counted; a tail stored one id too long; prompts started without memory for them,
 * without counting what others still need, or not when it came free; drafts over the step's size; pages released first to last; slots not given back; the
 * whole step for each prompt.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ContextLengthError } from '../errors.ts'
import { QueueFullError } from './errors.ts'
import { PrefixCache } from './prefix.ts'
import { Scheduler } from './scheduler.ts'
import { reachesEnd, type Sequence } from './sequence.ts'

interface Sizes {
  pages: number
  pageSize: number
  batch: number
  slots: number
  reuse: boolean
}

/** Runs plans on simulated memory; the next id of a text is a function of the text. */
class Simulation {
  readonly cache: PrefixCache
  readonly scheduler: Scheduler
  readonly #rows: number[]
  readonly sizes: Sizes
  readonly ends = new Map<Sequence, number>()
  copied = 0
  reused = 0
  preempted = 0
  steps = 0

  constructor(sizes: Sizes, waiting = 1e9, positions = 1e9) {
    this.sizes = sizes
    this.cache = new PrefixCache(sizes)
    this.scheduler = new Scheduler(this.cache, { ...sizes, waiting, positions })
    this.#rows = Array<number>(sizes.pages * sizes.pageSize).fill(-1)
  }

  /** A prompt that is to grow by `more` ids. */
  add(prompt: readonly number[], more: number): Sequence {
    const sequence = this.scheduler.add(prompt)
    this.ends.set(sequence, Math.min(prompt.length + more, this.scheduler.capacity + 1))
    return sequence
  }

  /** What the text goes on with: three letters, so that texts meet and part. */
  next(ids: readonly number[]): number {
    return ids.reduce((sum, id, i) => (sum * 31 + id * 7 + i) % 1009, 5) % 3
  }

  step(draftRight = false): Sequence[] {
    const { pageSize, batch } = this.sizes
    for (const sequence of this.scheduler.running) {
      const right = this.next(sequence.ids)
      const room = (this.ends.get(sequence) as number) - sequence.ids.length - 1
      const second = this.next([...sequence.ids, right])
      sequence.drafts = (draftRight ? [right, second] : [right, second + 1]).slice(0, Math.max(0, room))
    }
    const { pieces, copies } = this.scheduler.plan()
    this.steps++
    for (const { from, to } of copies) {
      this.copied++
      for (let i = 0; i < pageSize; i++)
        this.#rows[to * pageSize + i] = this.#rows[from * pageSize + i] as number
    }
    const tokens = pieces.reduce((sum, { count, drafts }) => sum + count + drafts, 0)
    expect(tokens).toBeLessThanOrEqual(batch)
    if (this.scheduler.running.length + this.scheduler.waiting.length > 0) expect(tokens).toBeGreaterThan(0)
    expect(new Set(pieces.map(({ sequence }) => sequence)).size).toBe(pieces.length)
    // First come, first served: nobody who came later runs while somebody waits.
    const [next] = this.scheduler.waiting
    const last = this.scheduler.running.at(-1)
    if (next !== undefined && last !== undefined) expect(last.order).toBeLessThan(next.order)
    const slots = this.scheduler.running.map(({ slot }) => slot)
    expect(new Set(slots).size).toBe(slots.length)
    expect(slots.every((slot) => slot >= 0 && slot < this.sizes.slots)).toBe(true)

    const written = new Set<number>()
    for (const { sequence, start, count, drafts } of pieces) {
      const names = namesOf([...sequence.ids, ...sequence.drafts])
      for (let position = start; position < start + count + drafts; position++) {
        const row = this.#row(sequence, position)
        if (written.has(row)) expect.fail('two writers of one row')
        written.add(row)
        this.#rows[row] = names[position] as number
      }
    }
    // After all writes, as one forward pass does it: nobody wrote over what another reads.
    for (const { sequence, start, count, drafts } of pieces) {
      const names = namesOf([...sequence.ids, ...sequence.drafts])
      for (let position = 0; position < start + count + drafts; position++) {
        if (this.#rows[this.#row(sequence, position)] !== names[position])
          expect.fail('a row of another text')
      }
    }
    const done: Sequence[] = []
    for (const piece of pieces) {
      const { sequence, drafts } = piece
      if (!reachesEnd(piece)) {
        this.scheduler.advance(piece, 0)
        continue
      }
      let accepted = 0
      for (;;) {
        const id = this.next(sequence.ids)
        sequence.ids.push(id)
        if (accepted >= drafts || sequence.drafts[accepted] !== id) break
        accepted++
      }
      this.scheduler.advance(piece, accepted)
      expect(sequence.computed).toBeLessThan(sequence.ids.length)
      if (sequence.ids.length >= (this.ends.get(sequence) as number)) done.push(sequence)
    }
    for (const sequence of done) this.remove(sequence)
    return done
  }

  remove(sequence: Sequence): void {
    this.reused += sequence.cached ?? 0
    this.preempted += sequence.preemptions
    this.scheduler.remove(sequence)
  }

  assertAllFree(): void {
    expect(this.scheduler.running.length + this.scheduler.waiting.length).toBe(0)
    expect(this.cache.available).toBe(this.sizes.pages)
    if (!this.sizes.reuse) expect(this.cache.idle).toBe(0)
    this.cache.clear()
    expect(this.cache.available).toBe(this.sizes.pages)
    expect(this.cache.idle).toBe(0)
  }

  #row(sequence: Sequence, position: number): number {
    const page = sequence.pages[Math.floor(position / this.sizes.pageSize)]
    if (page === undefined) return expect.fail('no page')
    return page * this.sizes.pageSize + (position % this.sizes.pageSize)
  }
}

/** For each position a number that stands for the text up to it: 52 bits, so no two texts of a test share one. */
function namesOf(text: readonly number[]): number[] {
  let [low, high] = [17, 29]
  return text.map((id) => {
    low = Math.imul(low ^ (id + 1), 0x01000193) >>> 0
    high = Math.imul(high + id + (low >>> 7), 0x85ebca6b) >>> 0
    return (high & 0xfffff) * 2 ** 32 + low
  })
}

const sizesOf = fc.record({
  pages: fc.integer({ min: 3, max: 20 }),
  pageSize: fc.integer({ min: 1, max: 5 }),
  batch: fc.integer({ min: 4, max: 12 }),
  slots: fc.integer({ min: 1, max: 4 }),
  reuse: fc.boolean(),
})
const actionOf = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      prompt: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 14 }),
      more: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('step' as const), right: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), at: fc.nat(30) }) },
)

describe('Scheduler', () => {
  it('computes every id from the rows of its own text, whatever comes, and ends with all pages free', () => {
    const total = { copied: 0, reused: 0, preempted: 0, steps: 0 }
    fc.assert(
      fc.property(sizesOf, fc.array(actionOf, { minLength: 60, maxLength: 120 }), (sizes, actions) => {
        const simulation = new Simulation(sizes)
        const { scheduler } = simulation
        for (const action of actions) {
          if (action.kind === 'add') {
            if (action.prompt.length <= scheduler.capacity) simulation.add(action.prompt, action.more)
          } else if (action.kind === 'step') simulation.step(action.right)
          else {
            const all = [...scheduler.running, ...scheduler.waiting]
            const victim = all[action.at % Math.max(all.length, 1)]
            if (victim !== undefined) simulation.remove(victim)
          }
        }
        for (let steps = 0; scheduler.running.length + scheduler.waiting.length > 0; steps++) {
          expect(steps).toBeLessThan(5000)
          simulation.step()
        }
        simulation.assertAllFree()
        for (const key of ['copied', 'reused', 'preempted', 'steps'] as const) total[key] += simulation[key]
      }),
      { numRuns: 400 },
    )
    // The cases that the property is about did come up.
    for (const count of Object.values(total)) expect(count).toBeGreaterThan(100)
  })

  it('ends 10,000 requests with aborts in a tiny memory with all pages free', () => {
    const simulation = new Simulation({ pages: 12, pageSize: 4, batch: 8, slots: 4, reuse: true })
    const { scheduler } = simulation
    let state = 12345
    const random = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    const live = new Set<Sequence>()
    let submitted = 0
    let finished = 0
    while (submitted < 10_000 || live.size > 0) {
      if (submitted < 10_000 && scheduler.waiting.length < 6) {
        const prompt = Array.from({ length: 1 + random(30) }, () => random(3))
        live.add(simulation.add(prompt, 1 + random(18)))
        submitted++
      }
      if (random(5) === 0) {
        const victim = [...live][random(live.size)]
        if (victim !== undefined) {
          simulation.remove(victim)
          live.delete(victim)
        }
      }
      for (const sequence of simulation.step(random(2) === 0)) {
        live.delete(sequence)
        finished++
      }
    }
    expect(finished).toBeGreaterThan(2000)
    expect(simulation.preempted).toBeGreaterThan(100)
    simulation.assertAllFree()
  })

  it('starts in order of arrival, and gives everyone who runs a token in each step', () => {
    const simulation = new Simulation({ pages: 100, pageSize: 4, batch: 8, slots: 3, reuse: true })
    const [a, b, c] = [[1], [2], Array<number>(40).fill(1)].map((prompt) => simulation.add(prompt, 20)) as [
      Sequence,
      Sequence,
      Sequence,
    ]
    const late = simulation.add([0], 20)
    for (let step = 1; step <= 6; step++) {
      simulation.step()
      expect(a.ids.length).toBeGreaterThan(step)
      expect(b.ids.length).toBeGreaterThan(step)
    }
    expect(c.computed).toBeGreaterThan(20)
    expect(late.state).toBe('waiting')
  })

  it('does not let a long prompt hold up a short one', () => {
    const simulation = new Simulation({ pages: 100, pageSize: 4, batch: 8, slots: 3, reuse: true })
    simulation.add(Array<number>(300).fill(1), 4)
    simulation.step()
    const short = simulation.add([1, 2, 0, 1], 4)
    simulation.step()
    expect(short.ids.length).toBe(5)
  })

  it('takes the pages of whoever came last, who then goes on with nothing lost', () => {
    const simulation = new Simulation({ pages: 6, pageSize: 4, batch: 16, slots: 2, reuse: true })
    const first = simulation.add([0, 1, 2, 0, 1, 2, 0], 16)
    const second = simulation.add([2, 2, 2, 2, 1, 1, 1], 16)
    const ended: Sequence[] = []
    while (ended.length < 2) ended.push(...simulation.step())
    expect(ended).toEqual([first, second])
    expect([first.preemptions, second.preemptions > 0]).toEqual([0, true])
    for (const { ids } of ended) {
      expect(ids.length).toBe(23)
      for (let at = 7; at < 23; at++) expect(ids[at]).toBe(simulation.next(ids.slice(0, at)))
    }
    simulation.assertAllFree()
  })

  it('ends equal work in order of arrival, whoever had to give way', () => {
    const simulation = new Simulation({ pages: 6, pageSize: 4, batch: 16, slots: 2, reuse: true })
    const all = [0, 1, 2, 0].map((id) => simulation.add([id, 1, 2, 0, 1, 2, 0], 14))
    const ended: Sequence[] = []
    while (ended.length < 4) ended.push(...simulation.step())
    expect(ended).toEqual(all)
    expect(simulation.preempted).toBeGreaterThan(0)
  })

  it('does not start a prompt that it would soon have to stop', () => {
    const simulation = new Simulation({ pages: 6, pageSize: 4, batch: 8, slots: 2, reuse: true })
    const first = simulation.add([0, 1, 2, 0, 1, 2, 0], 4)
    simulation.step()
    const long = simulation.add(Array<number>(20).fill(1), 2)
    while (first.state !== 'done') {
      expect(long.state).toBe('waiting')
      simulation.step()
    }
    while (long.state !== 'done') simulation.step()
    expect(long.preemptions).toBe(0)
  })

  it('starts a long prompt as soon as memory is there, also when others still run', () => {
    const simulation = new Simulation({ pages: 14, pageSize: 4, batch: 64, slots: 3, reuse: true })
    const first = simulation.add(Array<number>(27).fill(0), 4)
    const second = simulation.add([2, 2, 2, 2, 1, 1, 1], 8)
    const long = simulation.add(Array<number>(28).fill(1), 2)
    while (first.state !== 'done') {
      const ended = simulation.step()
      if (!ended.includes(first)) expect(long.state).toBe('waiting')
    }
    simulation.step()
    expect(second.state).toBe('running')
    expect(long.ids.length).toBeGreaterThan(28)
  })

  it('forgets the end of a text before its beginning', () => {
    const simulation = new Simulation({ pages: 5, pageSize: 4, batch: 32, slots: 2, reuse: true })
    const text = simulation.add([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1], 1)
    while (text.state !== 'done') simulation.step()
    const other = simulation.add([2, 2, 2, 2, 2], 1)
    while (other.state !== 'done') simulation.step()
    expect(simulation.cache.match(text.ids, 17).pages.length).toBe(3)
  })

  it('finds the text of the last turn again, also the part that fills no page', () => {
    const simulation = new Simulation({ pages: 40, pageSize: 4, batch: 16, slots: 2, reuse: true })
    const turn = simulation.add([0, 1, 2, 0, 1, 2, 0], 8)
    while (turn.state !== 'done') simulation.step()
    const next = simulation.add([...turn.ids, 1, 1], 3)
    simulation.step()
    // All but the last generated id, which was never computed: 14 = three pages and two rows of a fourth.
    expect(next.cached).toBe(14)
    expect(simulation.copied).toBe(1)
  })

  it('refuses what never fits, and more than may wait', () => {
    const sizes = { pages: 3, pageSize: 4, batch: 4, slots: 1, reuse: true }
    const byMemory = new Simulation(sizes, 1)
    expect(() => byMemory.scheduler.add(Array<number>(13).fill(0))).toThrow(ContextLengthError)
    byMemory.add(Array<number>(12).fill(0), 1)
    byMemory.add([1], 1)
    expect(() => byMemory.scheduler.add([1])).toThrow(QueueFullError)
    while (byMemory.step().length === 0);
    byMemory.add([2], 1)
    const byModel = new Simulation(sizes, 1, 5)
    expect(() => byModel.scheduler.add(Array<number>(6).fill(0))).toThrow(
      '6 tokens do not fit a context of 5',
    )
  })
})
