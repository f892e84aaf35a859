/**
 * JavaScript that runs in the sandbox before the code: it makes text of values there, so that no object ever crosses
 * over. A function of `print` (text to the host) and the most characters worth showing; it sets `console` and returns
 * `show` (a value as text) and `explain` (an error as JSON of name, message and stack). What it uses is taken before
 * the code can replace it; should the code fool it all the same, the result is still only a text of bounded length.
 */
export const prelude = `(function (print, most) {
  'use strict'
  const { stringify } = JSON
  const { apply } = Reflect
  const { from } = Array
  const { replaceAll, slice, toWellFormed } = String.prototype
  const { push, join } = Array.prototype
  const { entries: mapEntries } = Map.prototype
  const { values: setValues } = Set.prototype
  const { isFinite } = Number
  const text = String
  const [AnyError, AnyMap, AnySet, AnyPromise, Bytes] = [Error, Map, Set, Promise, Object.getPrototypeOf(Int8Array)]
  let left = most

  // Halves of characters have no UTF-8, and a zero character would end the text on its way out.
  function short(value) {
    const cut = value.length > most ? apply(slice, value, [0, most]) : value
    return apply(replaceAll, apply(toWellFormed, cut, []), ['\\0', '\\\\0'])
  }

  function plain(_key, value) {
    switch (typeof value) {
      case 'bigint': return value + 'n'
      case 'function': return '[function]'
      case 'symbol': return text(value)
      case 'undefined': return null
      case 'number': return isFinite(value) ? value : text(value)
      case 'object':
        if (value instanceof AnyError) return text(value)
        if (value instanceof AnyMap) return from(apply(mapEntries, value, []))
        if (value instanceof AnySet) return from(apply(setValues, value, []))
        if (value instanceof Bytes) return from(value)
    }
    return value
  }

  function show(value) {
    try {
      switch (typeof value) {
        case 'string': return short(value)
        case 'bigint': return short(value + 'n')
        case 'function': return '[function ' + short(text(value.name)) + ']'
        case 'object': break
        default: return short(text(value))
      }
      if (value instanceof AnyError) return short(text(value))
      if (value instanceof AnyPromise) return '[promise that is not settled]'
      return short(text(stringify(value, plain)))
    } catch (error) {
      return '[cannot be shown: ' + (error instanceof AnyError ? short(text(error.message)) : 'error') + ']'
    }
  }

  function explain(error) {
    const isError = error instanceof AnyError
    return stringify({
      name: isError ? short(text(error.name)) : 'Thrown',
      message: isError ? short(text(error.message)) : show(error),
      stack: isError ? short(text(error.stack)) : '',
    })
  }

  function log(...values) {
    if (left < 0) return
    const parts = []
    for (let i = 0; i < values.length; i++) apply(push, parts, [show(values[i])])
    const line = short(apply(join, parts, [' ']))
    left -= line.length + 1
    print(line)
  }
  // Its memory is not counted, and without threads it is good for nothing.
  delete globalThis.SharedArrayBuffer
  globalThis.console = { log, info: log, warn: log, error: log, debug: log }
  return { show, explain }
})`
