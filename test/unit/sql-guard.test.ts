import { beforeAll, expect, test } from 'vitest'
import { openParser, type Parser } from '../../src/main/features/sql/postgres-parser'
import { describe as describeStatement } from '../../src/main/features/sql-panel/analyse.service'
import { readScript } from '../../src/main/features/sql-panel/read-script'
import { guardCases } from '../fixtures/guard-statements'

/** Of Postgres' own functions, those that the table uses and that change nothing. */
const functions = new Set(
  'count max sum avg upper lower length coalesce now random gen_random_uuid jsonb_build_object to_char string_agg position extract overlay generate_series current_date array_agg xmlelement grouping'.split(
    ' ',
  ),
)

let parser: Parser
beforeAll(async () => {
  parser = await openParser()
})

function look(sql: string) {
  return readScript(parser, sql, new Set(['orders', 'customers'])).map((statement) =>
    describeStatement(statement, functions),
  )
}

test('the table has at least two hundred texts, each once', () => {
  expect(guardCases.length).toBeGreaterThanOrEqual(200)
  expect(new Set(guardCases.map(({ sql }) => sql)).size).toBe(guardCases.length)
})

test('no false alarm and no miss', () => {
  const wrong = guardCases.flatMap(({ sql, effects, dangers }) => {
    const found = look(sql)
    const said = {
      effects: found.map(({ effect }) => effect),
      dangers: found.flatMap((each) => each.dangers.map(({ kind }) => kind)),
    }
    return JSON.stringify(said) === JSON.stringify({ effects, dangers })
      ? []
      : [{ sql, wanted: { effects, dangers }, said }]
  })
  expect(wrong).toEqual([])
})

test('what is read and written is named, without what WITH gives', () => {
  const [statement] = look('with a as (select * from customers) insert into orders (code) select code from a, orders o')
  expect(statement).toMatchObject({ reads: ['orders', 'customers'], writes: ['orders'] })
})

test('a mistake is where it stands in the whole text, behind parameters and other statements too', () => {
  const sql = 'select :a, :b;\n\nselect * form orders where code = :c'
  const [first, second] = look(sql)
  expect(first).toMatchObject({ parameters: ['a', 'b'], problem: null })
  expect(second?.problem).toMatchObject({ syntax: true, start: sql.indexOf('form') })
  expect(sql.slice(second?.problem?.start, second?.problem?.end)).toBe('form')
})
