import type { ElementType, ReactNode } from 'react'

/**
 * Stands in for `react-remove-scroll` (see the alias in electron.vite.config.ts), which Radix wraps around what floats.
 * The original swallows the wheel over lists that open inside a dialog, and writes <style> elements. The studio's page
 * itself never scrolls, so there is nothing to lock.
 */
export function RemoveScroll(props: {
  readonly as?: ElementType
  readonly children?: ReactNode
  readonly allowPinchZoom?: boolean
  readonly shards?: unknown
  readonly enabled?: boolean
}) {
  const { as: Wrapper = 'div', children, allowPinchZoom: _zoom, shards: _shards, enabled: _enabled, ...rest } = props
  return <Wrapper {...rest}>{children}</Wrapper>
}
