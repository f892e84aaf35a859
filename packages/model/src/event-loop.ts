/**
 * Lets timers, input and network events run. Backends on the CPU answer without ever leaving the current task;
 * without a pause between steps a server could not send what it has, nor a page notice a click on "stop".
 */
export function nextTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve))
  // Browsers: setTimeout would wait for 4 ms, a message does not.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
