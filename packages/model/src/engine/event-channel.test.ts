/**
 * Mutations seen red: an end that wakes one of several waiting consumers only; a failure that keeps events or is thrown
 * twice.
 */
import { expect, it } from 'vitest'
import { EventChannel } from './event-channel.ts'

function channel(): { events: EventChannel<number>; left: () => number } {
  let left = 0
  const events = new EventChannel<number>(() => left++)
  return { events, left: () => left }
}

it('gives events in order, those from before somebody listened too, then ends', async () => {
  const { events, left } = channel()
  events.push(1)
  events.push(2)
  expect(await events.next()).toEqual({ done: false, value: 1 })
  events.push(3)
  events.close()
  events.push(4)
  const rest: number[] = []
  for await (const event of events) rest.push(event)
  expect(rest).toEqual([2, 3])
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(left()).toBe(0)
})

it('answers everyone who waits', async () => {
  const { events } = channel()
  const waiting = [events.next(), events.next(), events.next()]
  events.push(1)
  await Promise.resolve()
  events.close()
  expect(await Promise.all(waiting)).toEqual([
    { done: false, value: 1 },
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
})

it('throws a failure at once, and once', async () => {
  const { events, left } = channel()
  events.push(1)
  events.fail(new RangeError('lost'))
  events.fail(new RangeError('again'))
  await expect(events.next()).rejects.toThrow('lost')
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(left()).toBe(0)
})

it('says once that its consumer left, and takes nothing from then on', async () => {
  const { events, left } = channel()
  events.push(1)
  const waiting = channel()
  const pending = waiting.events.next()
  await waiting.events.return()
  expect(await pending).toEqual({ done: true, value: undefined })
  await events.return()
  await events.return()
  events.push(2)
  events.fail(new RangeError('late'))
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect([left(), waiting.left()]).toEqual([1, 1])
})
