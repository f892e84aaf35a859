const identifier = /^[A-Za-z_$][\w$]*$/

/** `['values', 0, 'a b']` as `values[0]["a b"]`. */
export function formatPath(keys: readonly PropertyKey[]): string {
  let path = ''
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`
    else if (typeof key === 'symbol') path += `[${String(key)}]`
    else if (identifier.test(key)) path += path === '' ? key : `.${key}`
    else path += `[${JSON.stringify(key)}]`
  }
  return path
}
