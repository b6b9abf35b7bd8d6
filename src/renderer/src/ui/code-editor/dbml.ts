import * as monaco from 'monaco-editor/editor/editor.api.js'

/** Colours and brackets of DBML, which the editor does not know by itself. */
export function registerDbml(): void {
  monaco.languages.register({ id: 'dbml', extensions: ['.dbml'] })
  monaco.languages.setLanguageConfiguration('dbml', {
    comments: { lineComment: '//', blockComment: ['/*', '*/'] },
    brackets: [
      ['{', '}'],
      ['[', ']'],
      ['(', ')'],
    ],
    colorizedBracketPairs: [],
    autoClosingPairs: ['{}', '[]', '()', "''", '``', '""'].map((pair) => ({
      open: pair.slice(0, 1),
      close: pair.slice(1),
    })),
  })
  monaco.languages.setMonarchTokensProvider('dbml', {
    ignoreCase: true,
    defaultToken: '',
    elements: ['table', 'ref', 'enum', 'project', 'tablegroup', 'indexes', 'note', 'checks', 'as'],
    settings: ['pk', 'primary', 'key', 'not', 'null', 'unique', 'increment', 'default', 'delete', 'update', 'cascade'],
    tokenizer: {
      root: [
        [/\/\/.*$/, 'comment'],
        [/\/\*/, 'comment', '@comment'],
        [/'''/, 'string', '@text'],
        [/'(?:\\.|[^'\\])*'/, 'string'],
        [/"(?:\\.|[^"\\])*"/, ''],
        [/`[^`]*`/, 'predefined.sql'],
        [/\d+(?:\.\d+)?/, 'number'],
        [/[a-z_][\w$]*/, { cases: { '@elements': 'keyword', '@settings': 'keyword', '@default': '' } }],
        [/[<>-]/, 'operator.sql'],
        [/[{}[\]():,.]/, 'delimiter'],
      ],
      comment: [
        [/\*\//, 'comment', '@pop'],
        [/./, 'comment'],
      ],
      text: [
        [/'''/, 'string', '@pop'],
        [/./, 'string'],
      ],
    },
  })
}
