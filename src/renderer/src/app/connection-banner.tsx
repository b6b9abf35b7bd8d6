import { useConnectionState } from '@renderer/bridge/api'
import { useEffect, useState } from 'react'

/** A blink of the connection is not worth a word. */
const worthSayingMs = 800

/** Says quietly that the host cannot be reached; the carrier tries again by itself. */
export function ConnectionBanner() {
  const state = useConnectionState()
  const lost = state === 'reconnecting'
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!lost) return setLate(false)
    const timer = setTimeout(() => setLate(true), worthSayingMs)
    return () => clearTimeout(timer)
  }, [lost])
  const text =
    state === 'refused'
      ? 'This session has ended. Open the studio again from the link that the server prints.'
      : lost && late
        ? 'The connection to the studio is lost. Trying again; what you see stays.'
        : null
  return (
    <div role="status" className="shrink-0 bg-warning-subtle px-4 py-1 text-center text-warning empty:hidden">
      {text}
    </div>
  )
}
