import { type RefObject, useEffect, useRef, useState } from 'react'

export interface GridSize {
  readonly width: number
  readonly height: number
}

/** What is opened next stands in the same place: drawn for its size at once, it is not drawn a second time. */
const last = new Map<string, GridSize>()

/** Of the element that scrolls in this place, without its scrollbars, in px. */
export function useGridSize(place: string): {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly size: GridSize
} {
  const scroller = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<GridSize>(() => last.get(place) ?? { width: 0, height: 0 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element
      last.set(place, { width, height })
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return { scroller, size }
}
