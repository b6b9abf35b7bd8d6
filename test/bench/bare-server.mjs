// The plain alternative: Node's http, pg with prepared statements, one native table, and nothing else.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const columns = 'id, title, status, n, amount, meta, created_at'
const queries = {
  one: `select ${columns} from items where id = $1`,
  page: `select ${columns} from items where status = $1 order by n desc, id limit 50`,
  insert: 'insert into items (title, status, n, amount, meta) values ($1, $2, $3, $4, $5)',
  update: 'update items set n = $2, status = $3 where id = $1',
}
const ask = (name, values) => pool.query({ name, text: queries[name], values })

async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://bare')
  const id = pathname.slice('/items/'.length)
  switch (request.method) {
    case 'GET':
      if (id !== '') return [200, (await ask('one', [id])).rows]
      return [200, (await ask('page', [searchParams.get('status')])).rows]
    case 'POST': {
      const { title, status, n, amount, meta } = await bodyOf(request)
      await ask('insert', [title, status, n, amount, JSON.stringify(meta)])
      return [201, null]
    }
    default: {
      const { n, status } = await bodyOf(request)
      await ask('update', [id, n, status])
      return [204, null]
    }
  }
}

const server = createServer((request, response) => {
  answer(request).then(
    ([status, rows]) => {
      const text = rows === null ? '' : JSON.stringify(rows)
      response.writeHead(status, {
        ...(rows === null ? {} : { 'content-type': 'application/json' }),
        ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
      })
      response.end(text)
    },
    (error) => {
      response.writeHead(500)
      response.end(String(error))
    },
  )
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`tessera listening on http://127.0.0.1:${server.address().port}\n`),
)
process.on('SIGTERM', () => process.exit(0))
