/** Tools as gpt-oss is told about them: a namespace of TypeScript types, in the template's own layout. */
import { ChatError } from '../chat/chat-error.ts'
import { checkTools } from '../chat/check-messages.ts'
import type { ToolDefinition } from '../chat/types.ts'
import { toJson } from './tools.ts'

type Schema = Readonly<Record<string, unknown>>

/** Deeper schemas, or one that contains itself, are an error and not a stack overflow. */
const MAX_DEPTH = 64

/** The namespace `functions`, or nothing where there are no tools. @throws ChatError */
export function harmonyTools(tools: readonly ToolDefinition[] = []): string {
  checkTools(tools)
  if (tools.length === 0) return ''
  const types = tools.map(({ name, description, parameters }) => {
    const schema = asSchema(parameters)
    const properties = Object.entries(asSchema(schema.properties))
    const lines = properties.map(([key, property]) => writeParameter(key, asSchema(property), schema, name))
    const type = lines.length > 0 ? `(_: {\n${lines.join('')}}) => any` : '() => any'
    return `// ${description ?? ''}\ntype ${name} = ${type};\n\n`
  })
  return `## functions\n\nnamespace functions {\n\n${types.join('')}} // namespace functions`
}

function writeParameter(key: string, property: Schema, parent: Schema, tool: string): string {
  const comment = property.description ? `// ${String(property.description)}\n` : ''
  const type = typeOf(property, tool, 0)
  return `${comment}${key}${optional(key, parent)}: ${type}${defaultOf(property, tool)},\n`
}

function defaultOf(property: Schema, tool: string): string {
  if (property.default === undefined) return ''
  if (property.enum) return `, // default: ${String(property.default)}`
  if (property.oneOf) return `// default: ${String(property.default)}`
  return `, // default: ${toJson(property.default, tool)}`
}

function typeOf(schema: Schema, tool: string, depth: number): string {
  if (depth > MAX_DEPTH) {
    throw new ChatError({ field: tool, expected: `a schema at most ${MAX_DEPTH} deep`, got: 'a deeper one' })
  }
  const { type } = schema
  const orNull = schema.nullable ? ' | null' : ''
  if (type === 'array') return `${itemsOf(schema, tool, depth)}[]${orNull}`
  if (Array.isArray(type) && type.length > 0) return type.join(' | ')
  if (Array.isArray(schema.oneOf) && schema.oneOf.length > 0) return oneOf(schema.oneOf, tool, depth)
  if (type === 'string')
    return Array.isArray(schema.enum) && schema.enum.length > 0 ? choice(schema.enum) : `string${orNull}`
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'object' ? objectOf(schema, tool, depth) : 'any'
}

function choice(values: readonly unknown[]): string {
  return `"${values.map(String).join('" | "')}"`
}

function itemsOf(schema: Schema, tool: string, depth: number): string {
  const items = asSchema(schema.items)
  if (Object.keys(items).length === 0) return 'any'
  if (items.type === 'string') return 'string'
  const inner = typeOf(items, tool, depth + 1)
  return inner === 'object | object' || [...inner].length > 50 ? 'any' : inner
}

function oneOf(variants: readonly unknown[], tool: string, depth: number): string {
  const parts = variants.map((variant) => {
    const schema = asSchema(variant)
    const comment = schema.description ? `// ${String(schema.description)}` : ''
    const preset =
      schema.default === undefined ? '' : `${' '.repeat(20)}// default: ${toJson(schema.default, tool)}`
    return typeOf(schema, tool, depth + 1) + comment + preset
  })
  return parts.join(' | \n')
}

function objectOf(schema: Schema, tool: string, depth: number): string {
  const properties = Object.entries(asSchema(schema.properties))
  if (properties.length === 0) return 'object'
  const parts = properties.map(([key, property]) => {
    const type = typeOf(asSchema(property), tool, depth + 1)
    return `${key}${optional(key, schema)}: \n${' '.repeat(16)}${type}`
  })
  return `{\n${parts.join(', ')}}`
}

function optional(key: string, parent: Schema): string {
  return Array.isArray(parent.required) && parent.required.includes(key) ? '' : '?'
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}
