import { statementAt, statementRanges, withNumberedParameters } from '@shared/domain/sql-text'
import { expect, test } from 'vitest'

const texts = (sql: string) => statementRanges(sql).map(({ start, end }) => sql.slice(start, end))

test.each([
  ['select 1; select 2', ['select 1', 'select 2']],
  ["select ';'; select $$;$$; select $a$;$b$;$a$", ["select ';'", 'select $$;$$', 'select $a$;$b$;$a$']],
  ['-- a; b\nselect 1 /* ; /* ; */ ; */ ; ', ['select 1']],
  ['select "a;b"', ['select "a;b"']],
  ["select E'\\';' ; select 2", ["select E'\\';'", 'select 2']],
  ["select 'it''s;'; x", ["select 'it''s;'", 'x']],
  ['create rule r as on insert to a do (b; c); d', ['create rule r as on insert to a do (b; c)', 'd']],
  ["select 'never closed; select 2", ["select 'never closed; select 2"]],
  ['/* never closed; select 2', []],
  [';;;', []],
  ['', []],
])('%s', (sql, statements) => {
  expect(texts(sql)).toEqual(statements)
})

test('the statement that is meant is the one around, before on the line, or after', () => {
  const sql = 'select 1;   \n\n  select 2; -- end'
  const at = (offset: number) => {
    const range = statementAt(statementRanges(sql), sql, offset)
    return range && sql.slice(range.start, range.end)
  }
  expect(at(3)).toBe('select 1')
  expect(at(8)).toBe('select 1')
  expect(at(11)).toBe('select 1')
  expect(at(13)).toBe('select 2')
  expect(at(sql.length)).toBe('select 2')
})

test('names become numbers, each once, and places lead back', () => {
  const sql = "select ':no', :a::text, b[1:2], :b, :a -- :no"
  const [range] = statementRanges(sql)
  if (range === undefined) throw new Error('no statement')
  const { text, names, toOriginal } = withNumberedParameters(sql, range)
  expect(text).toBe("select ':no', $1::text, b[1:2], $2, $1")
  expect(names).toEqual(['a', 'b'])
  expect(toOriginal(text.indexOf('b[1'))).toBe(sql.indexOf('b[1'))
  expect(toOriginal(text.lastIndexOf('$2'))).toBe(sql.indexOf(':b,'))
})
