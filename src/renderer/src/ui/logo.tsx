/** Four tiles, one of them round: the studio's mark. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect x="3" y="3" width="12" height="12" rx="3" className="fill-accent" />
      <rect x="17" y="3" width="12" height="12" rx="3" className="fill-focus opacity-70" />
      <rect x="3" y="17" width="12" height="12" rx="3" className="fill-focus opacity-40" />
      <rect x="17" y="17" width="12" height="12" rx="6" className="fill-accent" />
    </svg>
  )
}
