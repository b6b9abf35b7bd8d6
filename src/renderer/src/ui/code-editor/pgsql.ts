import * as monaco from 'monaco-editor/editor/editor.api.js'

/**
 * Postgres' SQL. The editor's own definition knows neither `update`, `set`, `by` and `values` nor dollar quotes, and takes
 * a column called `age` for a function.
 */
export function registerPgsql(): void {
  monaco.languages.register({ id: 'pgsql', extensions: ['.sql'], aliases: ['PostgreSQL'] })
  monaco.languages.setLanguageConfiguration('pgsql', {
    comments: { lineComment: '--', blockComment: ['/*', '*/'] },
    brackets: [
      ['(', ')'],
      ['[', ']'],
    ],
    colorizedBracketPairs: [],
    autoClosingPairs: ['()', '[]', '""', "''"].map((pair) => ({
      open: pair.slice(0, 1),
      close: pair.slice(1),
      notIn: ['string', 'comment'],
    })),
    surroundingPairs: ['()', '[]', '""', "''"].map((pair) => ({ open: pair.slice(0, 1), close: pair.slice(1) })),
  })
  monaco.languages.setMonarchTokensProvider('pgsql', {
    ignoreCase: true,
    // The editor makes its own expressions of those below, and takes their flags from here.
    unicode: true,
    defaultToken: '',
    tokenPostfix: '.sql',
    keywords,
    tokenizer: {
      root: [
        [/--.*$/, 'comment'],
        [/\/\*/, 'comment', '@comment'],
        [/e'/, 'string', '@escaped'],
        [/(?:u&|b|x|n)?'/, 'string', '@string'],
        [/(?:u&)?"/, 'identifier.quote', '@quoted'],
        [/(\$[a-z_]*\w*\$)/, { token: 'string', next: '@dollar.$1' }],
        [/\$\d+|:[a-z_]\w*(?!:)/, 'number'],
        [/::/, 'operator'],
        [/(?:\d[\d_]*(?:\.[\d_]*)?|\.\d+)(?:e[+-]?\d+)?\b/, 'number'],
        [/[\p{L}_][\p{L}\p{N}_$]*(?=\s*\()/u, { cases: { '@keywords': 'keyword', '@default': 'predefined' } }],
        [/[\p{L}_][\p{L}\p{N}_$]*/u, { cases: { '@keywords': 'keyword', '@default': 'identifier' } }],
        [/[()[\]]/, '@brackets'],
        [/[;,.]/, 'delimiter'],
        [/[-<>=!%&+*/|~^#@?:]/, 'operator'],
      ],
      comment: [
        [/\/\*/, 'comment', '@push'],
        [/\*\//, 'comment', '@pop'],
        [/./, 'comment'],
      ],
      string: [
        [/''|[^']+/, 'string'],
        [/'/, 'string', '@pop'],
      ],
      escaped: [
        [/\\.|''|[^'\\]+/, 'string'],
        [/'/, 'string', '@pop'],
      ],
      quoted: [
        [/""|[^"]+/, 'identifier'],
        [/"/, 'identifier.quote', '@pop'],
      ],
      dollar: [
        [/\$[a-z_]*\w*\$/, { cases: { '$0==$S2': { token: 'string', next: '@pop' }, '@default': 'string' } }],
        [/[^$]+|\$/, 'string'],
      ],
    },
  })
}

/** Words that are no names where they stand in most texts; types are names. */
const keywords =
  'add all alter analyse analyze and any array as asc begin between both by cascade case cast check collate column comment commit conflict constraint create cross cube current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable delete desc distinct do drop else end escape except exists explain fetch filter first following for foreign from full generated grant group grouping having if ilike in index inner insert intersect into is isnull join key last lateral leading left like limit localtime localtimestamp matched materialized merge natural no not nothing notnull null nulls offset on only or order outer over overlaps partition placing preceding primary range recursive references rename restrict returning revoke right rollback rollup rows savepoint select session_user set sets show similar some symmetric table tablesample then to trailing truncate type unbounded union unique update user using values verbose view when where window with within without'.split(
    ' ',
  )
