/** Arguments checked by a Standard Schema (https://standardschema.dev). */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { CheckedInput } from '../types.ts'
import { formatPath } from './format-path.ts'

export function createStandardCheck(schema: StandardSchemaV1): (input: unknown) => Promise<CheckedInput> {
  return async (input) => {
    const result = await schema['~standard'].validate(input)
    if (result.issues === undefined) return { ok: true, input: result.value }
    const problems = result.issues.map(({ path = [], message }) => ({
      path: formatPath(path.map((segment) => (typeof segment === 'object' ? segment.key : segment))),
      message,
    }))
    return { ok: false, problems }
  }
}
