/** The page's state, kept in the location's hash so that an address can be shared. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { longestText } from './parse-number.ts'
import { type LaboratoryState, pathOf, readState, writeState } from './url-state.ts'

/** In milliseconds. Browsers limit how often a page may change its address, so it waits for a pause in the typing. */
const addressDelay = 400

/** The state, and how to change some of it. Changes replace the history entry: no step back per keystroke. */
export function useHashState(): [LaboratoryState, (change: Partial<LaboratoryState>) => void] {
  const [state, setState] = useState(() => readState(location.hash))
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [ownPath] = useState(() => pathOf(location.hash))

  // Not useEffect, which waits for a frame: an address that changed before it would be missed.
  useLayoutEffect(() => {
    const onHashChange = (): void => {
      clearTimeout(timer.current)
      if (pathOf(location.hash) === ownPath) setState(readState(location.hash))
    }
    addEventListener('hashchange', onHashChange)
    return () => {
      clearTimeout(timer.current)
      removeEventListener('hashchange', onHashChange)
    }
  }, [ownPath])

  const change = (part: Partial<LaboratoryState>): void => {
    const next = { ...state, ...part }
    setState(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      // What would not be read back stays out of the address, and the address of another page is not ours.
      if (next.text.length > longestText || pathOf(location.hash) !== ownPath) return
      const { pathname, search, hash } = location
      history.replaceState(history.state, '', pathname + search + writeState(hash, next))
    }, addressDelay)
  }
  return [state, change]
}
