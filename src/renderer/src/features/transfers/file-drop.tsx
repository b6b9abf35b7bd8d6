import { type DragEvent, useRef, useState } from 'react'

export interface FileDrop {
  /** Whether a file is held over the place. */
  readonly isOver: boolean
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
  }
}

/** A place that files are dropped on; what else is dragged is left alone. */
export function useFileDrop(onFile: (file: File) => void): FileDrop {
  // Every element inside is entered and left as well.
  const depth = useRef(0)
  const [isOver, setOver] = useState(false)
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes('Files')

  function move(by: number, event: DragEvent) {
    if (!hasFiles(event)) return
    depth.current = Math.max(0, depth.current + by)
    setOver(depth.current > 0)
  }

  return {
    isOver,
    handlers: {
      onDragEnter: (event) => move(1, event),
      onDragLeave: (event) => move(-1, event),
      onDragOver: (event) => {
        if (hasFiles(event)) event.preventDefault()
      },
      onDrop: (event) => {
        depth.current = 0
        setOver(false)
        const [file] = event.dataTransfer.files
        if (!file) return
        event.preventDefault()
        onFile(file)
      },
    },
  }
}

/** Says over the place what a drop would do. */
export function DropHint({ shown, children }: { readonly shown: boolean; readonly children: string }) {
  if (!shown) return null
  return (
    <div className="pointer-events-none absolute inset-1 z-30 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-selection">
      <p className="rounded-md bg-bg-raised px-3 py-1.5 font-medium shadow-float">{children}</p>
    </div>
  )
}
