/** Light, dark, or what the system says. The attribute on the root element steers `color-scheme` in the styles. */
import type { TextStorage } from './storage.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'octoscale.theme'

export function readTheme(storage: TextStorage): Theme {
  const saved = storage.getItem(key)
  return themes.find((theme) => theme === saved) ?? 'system'
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
}

export function saveTheme(storage: TextStorage, theme: Theme): void {
  try {
    storage.setItem(key, theme)
  } catch {
    // No room: then it holds until the page is left.
  }
}
