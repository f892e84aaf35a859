/** References inside a schema document. */
import { isObject } from './keywords.ts'

/** What `#/$defs/x` points to in the document; undefined for nothing, or for another document. */
export function resolve(document: unknown, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined
  let value = document
  for (const part of reference.split('/').slice(1)) {
    let key: string
    try {
      key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    } catch {
      return undefined
    }
    if (Array.isArray(value) && /^(0|[1-9]\d{0,8})$/.test(key)) value = value[Number(key)]
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key]
    else return undefined
  }
  return isObject(value) || typeof value === 'boolean' ? value : undefined
}
