import { expect, test } from 'vitest'
import { chooseModel } from './choose-model.ts'
import { findServer } from './find-server.ts'

const page = new URL('http://127.0.0.1:8080/app/index.html')
const answering =
  (body: unknown, status = 200): typeof fetch =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })

test('asks beside the page, and reads ids and contexts', async () => {
  let asked = ''
  const info = await findServer(page, undefined, async (address) => {
    asked = String(address)
    return Response.json({
      data: [{ id: 'a', context_length: 4096 }, { id: 'b', max_model_len: 64 }, { id: 'c' }],
    })
  })
  expect(asked).toBe('http://127.0.0.1:8080/app/v1/models')
  expect(info).toEqual({
    baseUrl: 'http://127.0.0.1:8080/app/v1',
    apiKey: undefined,
    models: [
      { id: 'a', contextLength: 4096 },
      { id: 'b', contextLength: 64 },
      { id: 'c', contextLength: undefined },
    ],
  })
})

test.each([
  ['a static host', answering('not found', 404)],
  ['a host that answers everything with its page', answering('<!doctype html>')],
  ['other JSON', answering({ data: 'x' })],
  ['null', answering(null)],
  ['rows that are no models', answering({ data: [null, 3, {}, { id: '' }] })],
  ['no connection', () => Promise.reject(new TypeError('failed'))],
])('no server: %s', async (_, request) => {
  expect(await findServer(page, undefined, request as typeof fetch)).toBeUndefined()
})

test('a key is sent, and a server that wants one is told from none', async () => {
  const guarded: typeof fetch = async (_, init) => {
    const given = new Headers(init?.headers).get('authorization')
    return given === 'Bearer right'
      ? Response.json({ data: [{ id: 'a' }] })
      : new Response('', { status: 401 })
  }
  expect(await findServer(page, undefined, guarded)).toBe('refused')
  expect(await findServer(page, 'wrong', guarded)).toBe('refused')
  expect(await findServer(page, 'right', guarded)).toMatchObject({ apiKey: 'right', models: [{ id: 'a' }] })
  expect(await findServer(page, 'rïght', guarded)).toBe('refused')
})

test('what the person chose, as far as it is there', () => {
  const server = {
    baseUrl: '',
    apiKey: undefined,
    models: [
      { id: 'a', contextLength: 1 },
      { id: 'b', contextLength: 1 },
    ],
  }
  expect(chooseModel(undefined, undefined)).toEqual({ where: 'tab' })
  expect(chooseModel(undefined, server)).toEqual({ where: 'server', id: 'a' })
  expect(chooseModel({ where: 'tab' }, server)).toEqual({ where: 'tab' })
  expect(chooseModel({ where: 'server', id: 'b' }, server)).toEqual({ where: 'server', id: 'b' })
  expect(chooseModel({ where: 'server', id: 'gone' }, server)).toEqual({ where: 'server', id: 'a' })
  expect(chooseModel({ where: 'server', id: 'b' }, undefined)).toEqual({ where: 'tab' })
})
