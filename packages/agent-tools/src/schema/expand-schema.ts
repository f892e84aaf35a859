/**
 * A JSON Schema written out: every `$ref` replaced by what it names, unknown keywords dropped, the known ones checked.
 * What remains needs no lookup by address, and its size bounds the work of checking an argument. Recursive schemas are
 * refused: they cannot be written out, and neither prompts nor grammars of models can follow them reliably.
 */
import { describe } from '../describe.ts'
import { ToolDefinitionError } from '../errors.ts'
import { isRecord } from '../is-record.ts'
import type { JsonObject } from './copy-json.ts'
import { formatPath } from './format-path.ts'
import {
  isValueKeyword,
  refusedKeywords,
  schemaKeywords,
  schemaListKeywords,
  schemaMapKeywords,
  valueProblem,
} from './keywords.ts'
import { patternFormat, patternProblem, propertyPatternProblem } from './pattern.ts'

/** Subschemas after writing out: `$ref`s to `$ref`s can grow exponentially. */
const maxNodes = 10_000
/** Equal items are searched for pair by pair. */
const maxUniqueItems = 1000
/** Formats whose checks take linear time; others say something to the model only. */
const checkedFormats = new Set(['date', 'date-time', 'time', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'])

export type ExpandedSchema = boolean | JsonObject
type Path = readonly PropertyKey[]

/**
 * @param options.patterns whether `pattern`s will be run against arguments, and so must be safe to run
 * @throws ToolDefinitionError
 */
export function expandSchema(
  tool: string,
  root: JsonObject,
  options: { readonly patterns: 'checked' | 'ignored' },
): JsonObject {
  let nodes = 0
  const fail = (path: Path, expected: string, got: string): never => {
    throw new ToolDefinitionError({ tool, path: formatPath(['parameters', ...path]), expected, got })
  }

  /** `refs`: the pointers that are being written out, to see circles. */
  const expand = (schema: unknown, path: Path, refs: readonly string[]): ExpandedSchema => {
    if (typeof schema === 'boolean') return schema
    if (!isRecord(schema)) return fail(path, 'a JSON Schema', describe(schema))
    if (++nodes > maxNodes)
      return fail(path, `at most ${maxNodes} subschemas with every $ref written out`, 'more')
    const copy: Record<string, unknown> = {}
    const also: ExpandedSchema[] = []
    for (const [keyword, value] of Object.entries(schema)) {
      const at = [...path, keyword]
      if (refusedKeywords.has(keyword)) fail(at, 'left out: use $ref', describe(value))
      else if (keyword === '$id' && refs.length + path.length > 0) fail(at, 'left out', describe(value))
      else if (keyword === '$ref') also.push(follow(value, at, refs))
      else if (schemaListKeywords.has(keyword) && Array.isArray(value)) {
        copy[keyword] = value.map((item, index) => expand(item, [...at, index], refs))
      } else if (schemaKeywords.has(keyword)) copy[keyword] = expand(value, at, refs)
      else if (schemaListKeywords.has(keyword)) fail(at, 'a list of schemas', describe(value))
      else if (schemaMapKeywords.has(keyword)) copy[keyword] = expandMap(keyword, value, at, refs)
      else if (keyword === 'uniqueItems' && value === true) {
        const atMost = { maxItems: maxUniqueItems }
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        also.push({ if: atMost, then: { uniqueItems: true }, else: atMost })
      } else if (isValueKeyword(keyword)) {
        const problem = valueProblem(keyword, value)
        if (problem !== undefined) fail(at, problem.expected, problem.got)
        if (keyword === 'pattern') also.push(...expandPattern(value as string, at))
        else if (keyword !== 'format' || checkedFormats.has(value as string)) copy[keyword] = value
      }
    }
    if (also.length > 0) copy.allOf = [...((copy.allOf as ExpandedSchema[] | undefined) ?? []), ...also]
    return copy
  }

  const expandPattern = (pattern: string, path: Path): readonly JsonObject[] => {
    if (options.patterns === 'ignored') return []
    const problem = patternProblem(pattern)
    if (problem !== undefined) fail(path, problem.expected, problem.got)
    return [{ format: patternFormat(pattern) }]
  }

  const expandMap = (keyword: string, value: unknown, path: Path, refs: readonly string[]): JsonObject => {
    if (!isRecord(value)) return fail(path, 'schemas by name', describe(value))
    const entries = Object.entries(value).map(([name, item]) => {
      const at = [...path, name]
      if (keyword === 'dependencies' && Array.isArray(item)) {
        const problem = valueProblem('required', item)
        return problem === undefined ? [name, item] : fail(at, problem.expected, problem.got)
      }
      if (keyword === 'patternProperties' && options.patterns === 'checked') {
        const problem = propertyPatternProblem(name)
        if (problem !== undefined) fail(at, problem.expected, problem.got)
      }
      return [name, expand(item, at, refs)]
    })
    return Object.fromEntries(entries)
  }

  const follow = (pointer: unknown, path: Path, refs: readonly string[]): ExpandedSchema => {
    if (typeof pointer !== 'string' || !/^#(\/|$)/.test(pointer)) {
      return fail(path, 'a pointer into this schema, like #/$defs/name', describe(pointer))
    }
    if (refs.includes(pointer) || pointer === '#') {
      return fail(
        path,
        'a pointer that leads into no circle: recursive schemas are refused',
        describe(pointer),
      )
    }
    let target: unknown = root
    for (const part of pointer.split('/').slice(1)) {
      const key = unescapePointer(part)
      if (typeof target !== 'object' || target === null || key === undefined || !Object.hasOwn(target, key)) {
        return fail(path, 'a pointer to a part of this schema', describe(pointer))
      }
      target = (target as Record<string, unknown>)[key]
    }
    return expand(target, path, [...refs, pointer])
  }

  if (root.type !== 'object') {
    fail(['type'], '"object": the arguments of a call are one object', describe(root.type))
  }
  return expand(root, [], []) as JsonObject
}

/** RFC 6901, in a URI fragment. */
function unescapePointer(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}
