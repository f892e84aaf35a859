/** What a wrong argument is, for a message: never throws, whatever it is, and never long. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'string') return `'${value.length > 64 ? `${value.slice(0, 64)}...` : value}'`
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object'
  return `a ${typeof value}`
}

/** The same, but of an array its first elements. */
export function elementsOf(value: unknown): string {
  if (!Array.isArray(value)) return kindOf(value)
  const first = Array.from(value.slice(0, 4), kindOf)
  return `[${[...first, ...(value.length > 4 ? ['...'] : [])].join(', ')}]`
}
