/** The page as a person uses it: typing, flipping bits, switching, in a real browser. */
import { decode, encode, formats } from '@octoscale/fp8-core'
import axe from 'axe-core'
import { render } from 'preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { Laboratory } from './laboratory.tsx'

let host: HTMLElement

function open(hash: string): void {
  history.replaceState(null, '', hash)
  host = document.createElement('main')
  document.body.append(host)
  render(<Laboratory />, host)
}

beforeEach(() => page.viewport(1200, 900))
afterEach(() => {
  render(null, host)
  host.remove()
  history.replaceState(null, '', location.pathname + location.search)
})

const input = () => page.getByLabelText('A number')
const card = (name: string): HTMLElement => host.querySelector<HTMLElement>(`[data-format="${name}"]`)!
const shown = (name: string): string => card(name).querySelector('.result')?.textContent ?? ''
const bit = (name: string, number: number): HTMLElement =>
  card(name).querySelector<HTMLElement>(`[data-bit="${number}"]`)!
const line = (name: string): SVGElement => card(name).querySelector<SVGElement>('svg.value-line')!

test('every format of fp8-core has its card, those that people ask for first', () => {
  open('#/formats')
  const cards = [...host.querySelectorAll<HTMLElement>('[data-format]')]
  const names = cards.map((one) => one.dataset.format)
  expect(new Set(names)).toEqual(new Set([...Object.keys(formats), 'p3109_k8p4se']))
  expect(names.slice(0, 2)).toEqual(['e4m3', 'e5m2'])
})

test('a group shows only its formats, in the overview too, which leads to the cards', async () => {
  open('#/formats?x=0.3')
  await userEvent.click(page.getByRole('radio', { name: 'FP6 and FP4' }))
  const names = () =>
    [...host.querySelectorAll<HTMLElement>('[data-format]')].map((one) => one.dataset.format)
  await expect.poll(names).toEqual(['e2m1', 'e2m3', 'e3m2'])
  await expect.poll(() => location.hash).toBe('#/formats?x=0.3&formats=narrow')
  const tiles = [...host.querySelectorAll<HTMLElement>('.overview button')]
  expect(tiles.map((one) => one.querySelector('.name')?.textContent)).toEqual(names())
  await userEvent.click(tiles[2]!)
  expect(document.activeElement).toBe(card('e3m2').querySelector('h3'))
})

test('a format of P3109 by its name', async () => {
  open('#/formats?x=300&formats=others')
  expect(shown('p3109_k8p4se')).toContain('∞')
  await userEvent.fill(page.getByLabelText('A format of IEEE P3109'), 'p3109_k8p3sf')
  await expect.poll(() => shown('p3109_k8p3sf')).toContain('320')
  await userEvent.fill(page.getByLabelText('A format of IEEE P3109'), 'p3109_k8p9')
  await expect
    .poll(() => host.querySelector('.p3109-input .problem')?.textContent)
    .toContain('No such format')
  expect([...host.querySelectorAll('[data-format]')].length).toBe(1)
})

test('hybrid rounding reaches HiF8, the others round as they do', async () => {
  // Nearest is 16, but the low bits of the float32, the threshold, are 0: hybrid rounding goes up.
  const number = 17
  open(`#/formats?x=${number}&rounding=hybrid`)
  const code = encode(number, 'hif8', { rounding: 'hybrid' })
  expect(code).not.toBe(encode(number, 'hif8'))
  expect(shown('hif8')).toBe(`0x${code.toString(16)}${decode(code, 'hif8')}`)
  expect(card('hif8').textContent).toContain('hybrid (HiF8)')
  expect(shown('e4m3')).toContain(String(decode(encode(number, 'e4m3'), 'e4m3')))
  expect(card('e4m3').textContent).toContain('ties to even')
})

test('a flipped dot bit of HiF8 makes other fields, and the keyboard stays on it', async () => {
  open('#/formats?x=1')
  const legends = () => [...card('hif8').querySelectorAll('legend')].map((one) => one.textContent)
  expect(legends()).toEqual(['sign', 'dot', 'mantissa'])
  bit('hif8', 5).focus()
  await userEvent.keyboard(' ')
  await expect.poll(legends).toEqual(['sign', 'dot', 'exponent', 'mantissa'])
  expect(document.activeElement).toBe(bit('hif8', 5))
  expect(bit('hif8', 5).getAttribute('aria-pressed')).toBe('true')
})

test("two's complement adds, where the others multiply", () => {
  open('#/formats?x=-0.75')
  const meanings = [...card('mxint8').querySelectorAll('.field-meaning')].map((one) => one.textContent)
  expect(meanings).toEqual(['−2', '+ 80/64'])
})

test('0.3 typed is 0.3125 in E4M3, code 0x2a', async () => {
  open('#/formats?x=7')
  await userEvent.fill(input(), '0.3')
  const code = encode(0.3, 'e4m3')
  await expect.poll(() => shown('e4m3')).toBe(`0x${code.toString(16)}${decode(code, 'e4m3')}`)
  expect(shown('e4m3')).toBe('0x2a0.3125')
  expect(card('e4m3').querySelector('.bits')?.closest('[role=toolbar]')?.textContent).toContain('0101')
  expect(card('e4m3').textContent).toContain('rounded up')
  expect(line('e4m3').getAttribute('aria-label')).toContain('0.3 becomes 0.3125')
  await expect.poll(() => location.hash).toBe('#/formats?x=0.3')
})

test('a flipped bit changes the number, and all formats follow', async () => {
  open('#/formats?x=0.3')
  await userEvent.click(bit('e4m3', 7))
  await expect.element(input()).toHaveValue('-0.3125')
  expect(bit('e4m3', 7).getAttribute('aria-pressed')).toBe('true')
  expect(shown('f16')).toContain('−0.3125')
  expect(card('e8m0').textContent).toContain('no negative numbers')
})

test('arrow keys move among the bits of a format, and Space flips one', async () => {
  open('#/formats?x=1')
  bit('e4m3', 7).focus()
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{End}{ArrowLeft}')
  expect(document.activeElement).toBe(bit('e4m3', 1))
  await userEvent.keyboard(' ')
  await expect.poll(() => shown('e4m3')).toContain(String(decode(encode(1, 'e4m3') ^ 2, 'e4m3')))
  expect(document.activeElement).toBe(bit('e4m3', 1))
  expect(card('e4m3').querySelectorAll('[data-bit][tabindex="0"]').length).toBe(1)
})

test('a code that no number names stays: an infinity of E5M2 where E5M2 saturates', async () => {
  open('#/formats?x=57344')
  for (const flipped of [2, 1, 0]) await userEvent.click(bit('e5m2', flipped))
  await expect.element(input()).toHaveValue('e5m2:0x7c')
  expect(shown('e5m2')).toBe('0x7c∞')
})

test('a neighbour can be chosen', async () => {
  open('#/formats?x=0.3')
  const below = [...card('e4m3').querySelectorAll<HTMLElement>('.neighbour')].find(
    (one) => one.textContent?.includes('0.28125') === true,
  )
  await userEvent.click(below!)
  await expect.element(input()).toHaveValue('0.28125')
  expect(card('e4m3').textContent).toContain('exact')
})

test('the settings reach encode, the lines and the address', async () => {
  open('#/formats?x=1000')
  expect(shown('e4m3')).toContain('448')
  await userEvent.click(page.getByRole('radio', { name: 'Inf or NaN' }))
  await expect.poll(() => shown('e4m3')).toContain('NaN')
  await userEvent.click(page.getByRole('radio', { name: 'logarithmic' }))
  await userEvent.click(page.getByRole('radio', { name: 'whole range' }))
  await expect
    .poll(() => line('e4m3').getAttribute('aria-label'))
    .toMatch(/logarithmic: all 253 finite numbers from −448 to 448/)
  await expect.poll(() => location.hash).toBe('#/formats?x=1000&overflow=format&scale=logarithmic&view=whole')
})

test('the address is read when it changes, and left alone when another page of the app is shown', async () => {
  open('#/formats?x=1/3&rounding=down')
  await expect.element(input()).toHaveValue('1/3')
  expect(shown('e4m3')).toContain(String(decode(encode(1 / 3, 'e4m3', { rounding: 'down' }), 'e4m3')))
  location.hash = '#/formats?x=2'
  await expect.element(input()).toHaveValue('2')
  await userEvent.fill(input(), '3')
  location.hash = '#/chat'
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(location.hash).toBe('#/chat')
})

test('half-typed and hostile text is told, and what was shown stays', async () => {
  open('#/formats?x=0.3')
  for (const text of ['1e', '<img src=x onerror=alert(1)>', '9'.repeat(5000)]) {
    await userEvent.fill(input(), text)
    await expect.element(input()).toHaveAttribute('aria-invalid', 'true')
    expect(host.querySelector('.problem')?.textContent).toContain('below is still 0.3')
    expect(shown('e4m3')).toBe('0x2a0.3125')
  }
  expect(host.querySelector('img')).toBe(null)
})

test('a long number opens to all its digits', async () => {
  open('#/formats?x=0.3')
  await userEvent.click(page.getByRole('button', { name: /show all 54 digits/ }).first())
  const digits = '0.299999999999999988897769753748434595763683319091796875'
  await expect.poll(() => host.querySelector('.all-digits')?.textContent).toContain(digits)
})

const states = [
  '#/formats',
  '#/formats?x=nan&view=whole&scale=logarithmic',
  '#/formats?x=-1e9&overflow=format',
  '#/formats?x=hif8:0x3f&rounding=hybrid&p3109=nonsense',
]
const sizes = [360, 1200]

test.each(states.flatMap((hash) => sizes.map((width) => ({ hash, width }))))(
  '$hash at $width px: axe finds nothing, nothing sticks out, no style attribute',
  async ({ hash, width }) => {
    await page.viewport(width, 800)
    for (const scheme of ['light', 'dark']) {
      document.documentElement.style.colorScheme = scheme
      open(hash)
      const { violations } = await axe.run(host)
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
      expect(host.scrollWidth).toBeLessThanOrEqual(width)
      expect(host.querySelector('[style]')).toBe(null)
      render(null, host)
      host.remove()
    }
    document.documentElement.style.colorScheme = ''
  },
)
