import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** The width of an element in whole CSS pixels, kept up to date; `before` until it is measured. */
export function useWidth<Kind extends Element>(before: number): [RefObject<Kind | null>, number] {
  const element = useRef<Kind>(null)
  const [width, setWidth] = useState(before)
  useLayoutEffect(() => {
    const observed = element.current
    if (observed === null) return
    const measure = (): void => setWidth(Math.max(Math.floor(observed.getBoundingClientRect().width), 1))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(observed)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
