/**
 * Records what a program prints, in Node (`node --import`) and in a page alike, so that both can be compared:
 * consoles show values differently, this shows them in one way. It is copied to where the programs are.
 */

/** What was printed so far; a page empties it between programs. */
export const printed: string[] = []

console.log = (...values: unknown[]): void => {
  printed.push(`${values.map(show).join(' ')}\n`)
}
console.debug = (text: string): void => {
  printed.push(text)
}

/** Strings as they are, everything else as JSON; typed arrays with their class, undefined and bigint as text. */
function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, plain) ?? String(value))
}

function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...Array.from(value as Float32Array, String)]
  if (typeof value === 'bigint' || typeof value === 'undefined') return String(value)
  // NaN and the infinities are null in JSON.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return value
}

const file = globalThis.process?.env?.PRINTED
if (file !== undefined) {
  const { writeFileSync } = await import(/* @vite-ignore */ `node:${'fs'}`)
  process.stdout.write = (text: string | Uint8Array): boolean => printed.push(String(text)) > 0
  process.on('exit', () => writeFileSync(file, printed.join('')))
}
