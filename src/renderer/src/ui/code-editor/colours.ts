import * as monaco from 'monaco-editor/editor/editor.api.js'

/** Draws code in the colours of the studio, and goes along when its theme changes. */
export function followColours(): void {
  const root = document.documentElement
  const apply = () => {
    const isDark = root.dataset.theme === 'dark'
    monaco.editor.defineTheme(theme, themeOf(isDark, getComputedStyle(root)))
    monaco.editor.setTheme(theme)
  }
  apply()
  new MutationObserver(apply).observe(root, { attributeFilter: ['data-theme'] })
}

export const theme = 'tessera'

function themeOf(isDark: boolean, tokens: CSSStyleDeclaration): monaco.editor.IStandaloneThemeData {
  const colour = (name: string) => sixDigits(tokens.getPropertyValue(`--${name}`).trim())
  const bare = (name: string) => colour(name).slice(1)
  const rule = (token: string, name: string) => ({ token, foreground: bare(name) })
  return {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('', 'text'),
      rule('comment', 'text-muted'),
      rule('string', 'type-json'),
      rule('string.sql', 'type-json'),
      rule('string.value.json', 'type-json'),
      rule('string.key.json', 'type-uuid'),
      rule('identifier.quote.sql', 'text'),
      rule('number', 'type-integer'),
      rule('number.json', 'type-integer'),
      rule('keyword', 'accent-text'),
      rule('keyword.json', 'type-boolean'),
      rule('operator.sql', 'text-muted'),
      rule('predefined.sql', 'type-decimal'),
      rule('delimiter', 'text-muted'),
    ],
    colors: {
      'editor.background': colour('bg'),
      'editor.foreground': colour('text'),
      'editorLineNumber.foreground': colour('text-muted'),
      'editorLineNumber.activeForeground': colour('text'),
      'editorCursor.foreground': colour('text'),
      'editor.selectionBackground': colour('selection'),
      'editor.inactiveSelectionBackground': colour('selection'),
      'editor.lineHighlightBackground': colour('bg-subtle'),
      'editor.lineHighlightBorder': '#00000000',
      'editorIndentGuide.background1': colour('border'),
      'editorBracketMatch.background': colour('selection'),
      'editorBracketMatch.border': colour('border-strong'),
      'editorWidget.background': colour('bg-raised'),
      'editorWidget.foreground': colour('text'),
      'editorWidget.border': colour('border'),
      'editorSuggestWidget.background': colour('bg-raised'),
      'editorSuggestWidget.border': colour('border'),
      'editorSuggestWidget.foreground': colour('text'),
      'editorSuggestWidget.selectedBackground': colour('bg-active'),
      'editorSuggestWidget.selectedForeground': colour('text'),
      'editorSuggestWidget.highlightForeground': colour('accent-text'),
      'editorHoverWidget.background': colour('bg-raised'),
      'editorHoverWidget.border': colour('border'),
      'editorError.foreground': colour('danger'),
      'editorWarning.foreground': colour('warning'),
      'input.background': colour('bg'),
      'input.border': colour('border-strong'),
      focusBorder: colour('focus'),
      'widget.shadow': '#00000033',
    },
  }
}

/** The bundle shortens `#ffffff` to `#fff`, which the editor does not read. */
function sixDigits(colour: string): string {
  return /^#[0-9a-f]{3}$/i.test(colour) ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour
}
