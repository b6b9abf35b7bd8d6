import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonSize, IconButton } from './button'
import { toast } from './toast'

/** Copies `text`. The tick stays for a moment; with `children` it is a button with words. */
export function CopyButton(props: {
  readonly text: string
  /** What is copied: "Copy the command". */
  readonly label: string
  readonly size?: ButtonSize
  readonly children?: string
  readonly className?: string
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy() {
    try {
      await navigator.clipboard.writeText(props.text)
      setCopied(true)
    } catch {
      toast.error('The clipboard refused the text. Select it and copy it by hand.')
    }
  }
  const shared = {
    icon: copied ? Check : Copy,
    size: props.size ?? 'sm',
    className: props.className ?? '',
    onClick: () => void copy(),
  } as const
  return (
    <>
      {props.children ? (
        <Button {...shared}>{props.children}</Button>
      ) : (
        <IconButton {...shared} label={props.label} tooltip={copied ? 'Copied' : props.label} />
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  )
}
