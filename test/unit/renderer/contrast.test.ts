import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(resolve('src/renderer/src/ui/tokens.css'), 'utf8')

const surfaces = ['bg', 'bg-subtle', 'bg-raised', 'bg-hover', 'bg-active', 'selection']
const types = ['integer', 'decimal', 'text', 'boolean', 'time', 'uuid', 'json', 'bytes'].map((name) => `type-${name}`)
const texts = ['text', 'text-muted', 'accent-text', 'danger', 'warning', 'success', 'conflict', ...types]
const tints = ['accent', 'danger', 'warning', 'success', 'conflict']

const textPairs = [
  ...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)),
  ...tints.flatMap((tint) =>
    ['text', 'text-muted', tint === 'accent' ? 'accent-text' : tint].map((text) => [text, `${tint}-subtle`] as const),
  ),
  ...['accent', 'accent-hover'].map((fill) => ['on-accent', fill] as const),
  ...['danger-fill', 'danger-fill-hover'].map((fill) => ['on-danger', fill] as const),
]
const markPairs = [
  ...['border-strong', 'focus'].flatMap((mark) =>
    ['bg', 'bg-subtle', 'bg-raised', 'bg-hover'].map((surface) => [mark, surface] as const),
  ),
  ...['bg', 'bg-subtle', 'bg-raised'].map((surface) => ['accent', surface] as const),
]

describe.each(['light', 'dark'])('the %s theme', (theme) => {
  const tokens = tokensOf(theme)

  test('text holds 4.5:1 on every surface it lies on', () => {
    expect(below(tokens, textPairs, 4.5)).toEqual([])
  })

  test('borders of controls, focus and filled marks hold 3:1', () => {
    expect(below(tokens, markPairs, 3)).toEqual([])
  })
})

function tokensOf(theme: string): ReadonlyMap<string, string> {
  const body = css.split(`[data-theme="${theme}"] {`)[1]?.split('}')[0] ?? ''
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

function below(
  tokens: ReadonlyMap<string, string>,
  pairs: ReadonlyArray<readonly [string, string]>,
  least: number,
): readonly string[] {
  return pairs.flatMap(([front, back]) => {
    const ratio = contrast(token(tokens, front), token(tokens, back))
    return ratio < least ? [`${front} on ${back}: ${ratio.toFixed(2)}`] : []
  })
}

function token(tokens: ReadonlyMap<string, string>, name: string): string {
  const value = tokens.get(name)
  if (value === undefined) throw new Error(`There is no token --${name}`)
  return value
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
