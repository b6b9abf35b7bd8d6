import { type RefObject, useEffect } from 'react'

const name = 'found-text'
/** Of one screen there are fewer. */
const mostRanges = 3000

/** Marks the text in the cells on screen, without touching them: they are made anew while scrolling. */
export function useHighlights(grid: RefObject<HTMLElement | null>, text: string): void {
  useEffect(() => {
    const root = grid.current
    if (!root || text === '' || !('highlights' in CSS)) return
    const wanted = text.toLowerCase()
    let frame = 0
    const mark = () => {
      frame = 0
      CSS.highlights.set(name, new Highlight(...rangesOf(root, wanted)))
    }
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(mark)
    }
    mark()
    const observer = new MutationObserver(soon)
    observer.observe(root, { childList: true, characterData: true, subtree: true })
    return () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
      CSS.highlights.delete(name)
    }
  }, [grid, text])
}

function rangesOf(root: HTMLElement, wanted: string): readonly Range[] {
  const ranges: Range[] = []
  for (const cell of root.querySelectorAll('[data-row] [role=gridcell]')) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = (node.nodeValue ?? '').toLowerCase()
      // A text whose lower case is longer would be marked in the wrong place.
      if (text.length !== node.nodeValue?.length) continue
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + wanted.length)
        ranges.push(range)
        if (ranges.length >= mostRanges) return ranges
      }
    }
  }
  return ranges
}
