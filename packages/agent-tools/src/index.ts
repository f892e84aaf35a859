/** Tools and agent loops over any chat model. */
export type * from './types.ts'
