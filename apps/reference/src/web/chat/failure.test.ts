import { ModelError } from '@octoscale/agent-tools'
import { ContextLengthError } from 'octoscale'
import { expect, test } from 'vitest'
import { EngineError, factsOf } from '../engine/error-facts.ts'
import { failureOf } from './failure.ts'

test('what does not fit is answered with what a person can do at the page', () => {
  const inTab = failureOf(new EngineError(factsOf(new ContextLengthError({ got: 3583, limit: 2048 }))))
  expect(inTab).toEqual({
    name: 'ContextLengthError',
    message: expect.stringMatching(/^3583 tokens .* 2048 .* begin a new chat$/),
  })
  const onServer = failureOf(
    new ModelError({
      kind: 'status',
      problem: 'start the server with a larger --context',
      code: 'context_length_exceeded',
    }),
  )
  expect(onServer.message).toMatch(/begin a new chat$/)
})

test('a server that was started anew with a key: the page asks for it when it is reloaded', () => {
  const error = new ModelError({
    kind: 'status',
    status: 401,
    problem: 'send it as Authorization: Bearer KEY',
  })
  expect(failureOf(error).message).toMatch(/reload the page/)
})

test('other errors speak for themselves', () => {
  expect(failureOf(new TypeError('no'))).toEqual({ name: 'TypeError', message: 'no' })
  expect(failureOf('gone')).toEqual({ name: 'Error', message: 'gone' })
})
