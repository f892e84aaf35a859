/** The page that the address names: `#/formats?x=0.3` is `formats`. What follows `?` belongs to that page. */
import { useEffect, useState } from 'preact/hooks'

export const routes = ['chat', 'formats'] as const
export type Route = (typeof routes)[number]

/** Anything unknown is the chat. */
export function routeOf(hash: string): Route {
  const name = /^#\/?([^?]*)/.exec(hash)?.[1]
  return routes.find((route) => route === name) ?? 'chat'
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const update = (): void => setRoute(routeOf(location.hash))
    addEventListener('hashchange', update)
    return () => removeEventListener('hashchange', update)
  }, [])
  return route
}
