/** What the threads share beside the descriptors, and what each knows of itself. */

/** Written by `src/wasm/control.ts` in the same order. */
@unmanaged
export class Control {
  /** Descriptors that may be run; it wraps. */
  published: i32
  /** Threads that sleep until more are published. */
  idle: i32
  /** Threads that have reached the barrier. */
  arrived: i32
  /** Barriers passed; it wraps. */
  passed: i32
  /** Threads that sleep at the barrier. */
  asleep: i32
  threads: i32
  /** 1: threads end. */
  stopped: i32
  /** 1: what was published is not to be computed. */
  cancelled: i32
  /** `cancelled` as all threads saw it at the last barrier. */
  skipped: i32
  /** The first index out of range since the last fence: 1, then its facts. */
  failed: i32
  failedOp: i32
  failedTensor: i32
  failedIndex: i32
  failedLimit: i32
  /** The first descriptor. */
  start: usize
  /** `SCRATCH_BYTES` for each thread. */
  scratch: usize
}

/** Bytes that each thread has for itself: 16 stored elements of at most 4 bytes, and the same decoded. */
export const SCRATCH_BYTES: usize = 128

/** Set for each instance of the module by `enter`. */
export let control: Control = changetype<Control>(<usize>0)
export let thread: i32 = 0
export let ownScratch: usize = 0

/** Makes this instance the thread `index` of those that share `shared`. */
export function enter(shared: usize, index: i32): void {
  control = changetype<Control>(shared)
  thread = index
  ownScratch = control.scratch + SCRATCH_BYTES * <usize>index
}

/** Waits until all threads are here. Waiting begins with a look again and again: a sleep costs more than most operations. */
export function barrier(): void {
  const threads = control.threads
  if (threads == 1) return
  const shared = changetype<usize>(control)
  const passed = atomic.load<i32>(shared, offsetof<Control>('passed'))
  if (atomic.add<i32>(shared, 1, offsetof<Control>('arrived')) + 1 == threads) {
    control.skipped = atomic.load<i32>(shared, offsetof<Control>('cancelled'))
    atomic.store<i32>(shared, 0, offsetof<Control>('arrived'))
    atomic.store<i32>(shared, passed + 1, offsetof<Control>('passed'))
    if (atomic.load<i32>(shared, offsetof<Control>('asleep')) > 0) {
      atomic.notify(shared + offsetof<Control>('passed'), -1)
    }
    return
  }
  waitWhile(offsetof<Control>('passed'), passed, offsetof<Control>('asleep'))
}

/** Waits until the word at `word` is no longer `value`; `sleepers` counts who must be woken for it. */
export function waitWhile(word: usize, value: i32, sleepers: usize): void {
  const shared = changetype<usize>(control)
  for (let i = 0; i < SPINS; i++) {
    if (atomic.load<i32>(shared + word) != value) return
  }
  atomic.add<i32>(shared + sleepers, 1)
  while (atomic.load<i32>(shared + word) == value) atomic.wait<i32>(shared + word, value, -1)
  atomic.sub<i32>(shared + sleepers, 1)
}

/** Looks at a word before a thread sleeps on it. */
const SPINS: i32 = 10000

/** Notes that index tensor `tensor` of `op` holds `index`: one of them, until the next fence. */
export function fail(op: i32, tensor: i32, index: i32, limit: i32): void {
  if (thread != 0 || control.failed) return
  control.failed = 1
  control.failedOp = op
  control.failedTensor = tensor
  control.failedIndex = index
  control.failedLimit = limit
}
