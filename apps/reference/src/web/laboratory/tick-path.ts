/** Ticks and their labels as SVG sees them. */

/** A path of vertical strokes. Strokes that fall on the same half pixel are one: 65,536 numbers stay a short path. */
export function tickPath(places: readonly number[], top: number, bottom: number): string {
  const distinct = new Set(places.map((x) => Math.round(x * 2) / 2))
  return Array.from(distinct, (x) => `M${x} ${top}V${bottom}`).join('')
}

export interface LabelWish {
  readonly x: number
  readonly text: string
}

export interface Label extends LabelWish {
  readonly anchor: 'start' | 'middle' | 'end'
}

const characterWidth = 6.7
const gap = 10

/**
 * The labels that fit beside each other, those wished for first before the later ones. A label that would
 * stick out at an end of the line is anchored there.
 *
 * @param width of the drawing, in pixels.
 */
export function placeLabels(wishes: readonly LabelWish[], width: number): Label[] {
  const taken: { from: number; to: number }[] = []
  return wishes.flatMap((wish) => {
    const length = wish.text.length * characterWidth
    const from = Math.max(0, Math.min(wish.x - length / 2, width - length))
    const to = from + length
    if (taken.some((other) => from < other.to + gap && to > other.from - gap)) return []
    taken.push({ from, to })
    return [{ ...wish, ...anchored(wish.x, from, to) }]
  })
}

function anchored(x: number, from: number, to: number): { x: number; anchor: Label['anchor'] } {
  const middle = (from + to) / 2
  if (Math.abs(middle - x) < 0.01) return { x, anchor: 'middle' }
  return middle > x ? { x: from, anchor: 'start' } : { x: to, anchor: 'end' }
}
