/**
 * Mutations seen red: the query kept in names; user and password kept; the query dropped by `joinUrl`; a fragment kept.
 */
import { expect, test } from 'vitest'
import { joinUrl, splitUrl, urlName } from './url-name.ts'

test.each([
  ['https://host/a/b.safetensors?token=secret#x', 'https://host/a/b.safetensors'],
  ['https://host/a#secret', 'https://host/a'],
  ['https://user:secret@host/a@b', 'https://host/a@b'],
  ['data:application/octet-stream;base64,secret', 'data:…'],
  ['relative/a?secret', 'relative/a'],
  ['https://host/a?x=1\nsecret', 'https://host/a'],
])('%j is called %j', (url, name) => {
  expect(urlName(url)).toBe(name)
})

test.each([
  ['https://host/model', 'https://host/model/a%20b'],
  ['https://host/model///', 'https://host/model/a%20b'],
  ['https://host/model?sig=1%2F2#x', 'https://host/model/a%20b?sig=1%2F2'],
  ['https://host/', 'https://host/a%20b'],
])('a file below %j', (folder, url) => {
  expect(joinUrl(folder, 'a b')).toBe(url)
})

test.each([
  ['https://host/model/a%20b?sig=1', 'https://host/model?sig=1', 'a b'],
  ['https://host/model/', 'https://host/model', ''],
  ['https://host/100%', 'https://host', '100%'],
])('%j lies in', (url, folder, file) => {
  expect(splitUrl(url)).toEqual({ folder, file })
})
