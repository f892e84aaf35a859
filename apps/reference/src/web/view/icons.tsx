/** Icons: 24 x 24, drawn in the colour of the text, without a name of their own (their button has one). */
import type { JSX } from 'preact'

const paths = {
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'm5 12 5 5 9-10',
  again: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  add: 'M12 5v14M5 12h14',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  settings: 'M4 8h8m4 0h4M4 16h4m4 0h8M14 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM10 14a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  down: 'M12 5v14m-6-6 6 6 6-6',
  chevron: 'm9 6 6 6-6 6',
  tool: 'M14.5 6.5a4 4 0 0 1 5-1l-3 3 1 2 2 1 3-3a4 4 0 0 1-5.5 5L9 21l-3-3z',
  thought: 'M9 18h6m-5 3h4M12 3a6 6 0 0 0-3.5 10.9c.6.5 1 1.2 1 2.1h5c0-.9.4-1.6 1-2.1A6 6 0 0 0 12 3z',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M5 19l1.5-1.5m11-11L19 5',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  system: 'M4 5h16v11H4zM9 20h6m-3-4v4',
  warning: 'M12 4 2.5 20h19zM12 10v4m0 3v.01',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
