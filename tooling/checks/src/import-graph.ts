/** What each file imports, read from its syntax: no file is run and no types are needed. */
import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

export interface Import {
  /** As written: `./a.ts`, `@octoscale/tensor/node`, `node:fs`. */
  readonly specifier: string
  /** `static` loads the other module first, `type` is erased, `dynamic` loads it when the code gets there. */
  readonly kind: 'static' | 'type' | 'dynamic'
}

/** The imports and re-exports of one TypeScript file. Dynamic imports count when their argument is a literal. */
export function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text)
  const found: Import[] = []
  for (const { moduleRequest, entries } of module.staticImports) {
    const erased = entries.length > 0 && entries.every((entry) => entry.isType)
    found.push({ specifier: moduleRequest.value, kind: erased ? 'type' : 'static' })
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest !== null)
        found.push({ specifier: moduleRequest.value, kind: isType ? 'type' : 'static' })
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(
      text.slice(moduleRequest.start, moduleRequest.end).trim(),
    )?.[2]
    if (literal !== undefined) found.push({ specifier: literal, kind: 'dynamic' })
  }
  return found
}

/** The file a relative specifier means, or undefined for any other specifier. */
export function relativeTarget(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined
}

/**
 * Groups of files that import each other in a circle (strongly connected components of more than one file,
 * or a file that imports itself), by Tarjan's algorithm.
 */
export function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (node: string): number => {
    const index = order.size
    order.set(node, index)
    stack.push(node)
    let lowest = index
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next))
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? index)
    }
    low.set(node, lowest)
    if (lowest === index) {
      const group = stack.splice(stack.indexOf(node))
      if (group.length > 1 || graph.get(node)?.includes(node) === true) found.push(group.sort())
    }
    return lowest
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found.sort()
}
