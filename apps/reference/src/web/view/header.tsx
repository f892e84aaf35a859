/** Name, pages, theme. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type Route, routes } from '../hash-route.ts'
import icon from '../icon.svg'
import type { TextStorage } from '../storage.ts'
import { applyTheme, readTheme, saveTheme, type Theme, themes } from '../theme.ts'
import { Icon } from './icons.tsx'

export interface HeaderProps {
  readonly route: Route
  readonly titles: Readonly<Record<Route, string>>
  /** Where the theme is kept. */
  readonly storage: TextStorage
}

export function Header({ route, titles, storage }: HeaderProps): JSX.Element {
  return (
    <header class="header">
      <a class="brand" href="#/chat">
        <img src={icon} alt="" width="24" height="24" />
        Octoscale
      </a>
      <nav aria-label="Pages">
        {routes.map((name) => (
          <a key={name} href={`#/${name}`} aria-current={name === route ? 'page' : undefined}>
            {titles[name]}
          </a>
        ))}
      </nav>
      <ThemeButton storage={storage} />
    </header>
  )
}

function ThemeButton({ storage }: { storage: TextStorage }): JSX.Element {
  const [theme, setTheme] = useState<Theme>(() => readTheme(storage))
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
  const change = (): void => {
    applyTheme(next)
    saveTheme(storage, next)
    setTheme(next)
  }
  const label = `Theme: ${theme}. Change to ${next}`
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={change}>
      <Icon name={theme} />
    </button>
  )
}
