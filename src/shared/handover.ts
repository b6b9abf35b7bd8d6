/** The two messages by which a desktop page gets its port to the host: it asks, the preload hands over. */
export const handover = {
  wanted: 'tessera:port-wanted',
  given: 'tessera:port-given',
} as const
