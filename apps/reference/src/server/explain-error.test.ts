/** Errors of the packages below, as callers see them. */
import { describe, expect, test } from 'vitest'
import { explainError } from './explain-error.ts'
import { namedError } from './testing/scripted-engine.ts'

describe('fields by the names of the wire', () => {
  test.each<[object, string]>([
    [{ index: 2, field: 'content' }, 'messages[2].content'],
    [{ index: 2, field: 'toolCalls' }, 'messages[2].tool_calls'],
    [{ index: 2, field: 'toolCalls[1].arguments' }, 'messages[2].tool_calls[1].function.arguments'],
    [{ field: 'messages[2].toolCalls[1].arguments' }, 'messages[2].tool_calls[1].function.arguments'],
    [{ index: 3, field: 'toolCallId' }, 'messages[3].tool_call_id'],
    [{ field: 'tools[4].name' }, 'tools[4].function.name'],
    [{ field: 'messages' }, 'messages'],
  ])('%j', (facts, param) => {
    const error = explainError(namedError('ChatError', { ...facts, expected: 'x', got: 'y' }))
    expect(error).toMatchObject({ status: 400, param, message: `${param} must be x, got y` })
  })
})

test('agents recognise an overflow by its code and its words', () => {
  const error = explainError(namedError('ContextLengthError', { limit: 4096, got: 5000 }))
  expect(error.code).toBe('context_length_exceeded')
  expect(error.message).toMatch(/maximum context length is 4096 tokens/)
})

test('an option that no request names is a fault of the server', () => {
  expect(explainError(namedError('OptionError', { option: 'cache', expected: 'a', got: 'b' })).status).toBe(
    500,
  )
  expect(
    explainError(namedError('OptionError', { option: 'toString', expected: 'a', got: 'b' })).status,
  ).toBe(500)
})
