/** SVG as text. Pictures bring their own background, because a page shows them on a light or a dark one. */

export const colours = {
  background: '#ffffff',
  border: '#d0d7de',
  text: '#1f2328',
  quiet: '#59636e',
  grid: '#e4e8ec',
  normal: '#0b5cad',
  subnormal: '#c2410c',
  narrow: '#6d28d9',
  middle: '#0f766e',
} as const

export interface Picture {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What the picture shows, for those who do not see it. */
  readonly description: string
  readonly content: readonly string[]
}

export function svgDocument({ width, height, title, description, content }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="13" fill="${colours.text}">`,
    `<title id="title">${escapeText(title)}</title>`,
    `<desc id="description">${escapeText(description)}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${colours.background}" stroke="${colours.border}"/>`,
    ...content,
    '</svg>\n',
  ].join('\n')
}

/** A coordinate to a tenth of a pixel, in as few characters as it needs. */
export function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10)
}

export function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}"${attributes === '' ? '' : ` ${attributes}`}>${escapeText(content)}</text>`
}

/** Vertical marks of one height at several places, as one path. */
export function ticks(places: readonly number[], y: number, height: number, attributes: string): string {
  const marks = places.map((x) => `M${at(x)} ${at(y)}v${at(height)}`)
  return `<path d="${marks.join('')}" fill="none" ${attributes}/>`
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
