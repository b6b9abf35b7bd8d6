const browsers = [
  [/Electron\//, 'Desktop app'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const

const systems = [
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Linux/, 'Linux'],
] as const

/** `Firefox on Linux` from what a program says it is; what is no browser is named by its first word. */
export function programName(userAgent: string | null): string {
  if (!userAgent) return 'A program without a name'
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1]
  if (!browser) return userAgent.split(' ')[0] ?? userAgent
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  return system ? `${browser} on ${system}` : browser
}
