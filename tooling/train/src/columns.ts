/** Written-out arithmetic: one column a step, each step repeating the digits found so far, so that the last one is the answer. */
const digitsOf = (value: number): number[] => [...String(value)].reverse().map(Number)

function addColumns(a: number, b: number): string {
  const [x, y] = [digitsOf(a), digitsOf(b)]
  const steps: string[] = []
  let carry = 0
  let found = ''
  const length = Math.max(x.length, y.length)
  for (let i = 0; i < length || carry > 0; i++) {
    const [p, q] = [x[i] ?? 0, y[i] ?? 0]
    const sum = p + q + carry
    found = (sum % 10) + found
    steps.push(`${p}+${q}+${carry}=${sum}, carry ${Math.floor(sum / 10)}: ${found}`)
    carry = Math.floor(sum / 10)
  }
  return steps.join('; ')
}

/** Needs a >= b. */
function subtractColumns(a: number, b: number): string {
  const [x, y] = [digitsOf(a), digitsOf(b)]
  const steps: string[] = []
  let borrow = 0
  let found = ''
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [x[i] as number, y[i] ?? 0]
    const short = p - q - borrow < 0
    const digit = p - q - borrow + (short ? 10 : 0)
    found = digit + found
    steps.push(
      short
        ? `${p}-${q}-${borrow}<0, 1${p}-${q}-${borrow}=${digit}, borrow 1: ${found}`
        : `${p}-${q}-${borrow}=${digit}, borrow 0: ${found}`,
    )
    borrow = short ? 1 : 0
  }
  return steps.join('; ')
}

function multiplyColumns(a: number, digit: number): string {
  const steps: string[] = []
  let carry = 0
  let found = ''
  for (const p of digitsOf(a)) {
    const product = p * digit
    const sum = product + carry
    found = (sum % 10) + found
    steps.push(
      `${p}*${digit}=${product}, ${product}+${carry}=${sum}, carry ${Math.floor(sum / 10)}: ${found}`,
    )
    carry = Math.floor(sum / 10)
  }
  if (carry > 0) steps.push(`carry ${carry}: ${carry}${found}`)
  return steps.join('; ')
}

/** The whole thought for one operation, from the restated task to the result. */
export function thinkAdd(a: number, b: number): string {
  return `${a} + ${b}: ${addColumns(a, b)}. So ${a + b}`
}

export function thinkSubtract(a: number, b: number): string {
  if (a >= b) return `${a} - ${b}: ${a} >= ${b}. ${subtractColumns(a, b)}. So ${a - b}`
  return `${a} - ${b}: ${a} < ${b}, so minus (${b} - ${a}). ${subtractColumns(b, a)}. So ${a - b}`
}

export function thinkMultiply(a: number, digit: number): string {
  return `${a} * ${digit}: ${multiplyColumns(a, digit)}. So ${a * digit}`
}
