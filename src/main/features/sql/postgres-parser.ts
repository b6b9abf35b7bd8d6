/// <reference path="./wasm.d.ts" />
import { AppError } from '@shared/app-error'
import { isNode, type Node, type ParsedStatement } from './syntax'
import { byteOffsets, unitsOf } from './text-offsets'

/** The text is not SQL. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem'
  /** In UTF-16 units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

export interface Token {
  readonly text: string
  /** In UTF-16 units. */
  readonly start: number
  readonly end: number
  /** A word of SQL, which some grammar may take for itself. */
  readonly keyword: boolean
  /** `order`, `user`: not a name unless it is quoted. */
  readonly reserved: boolean
}

export interface Parser {
  /** Throws SyntaxProblem. */
  parse(text: string): readonly ParsedStatement[]
  /** Throws SyntaxProblem. Comments are left out. */
  scan(text: string): readonly Token[]
}

type ParserModule = Awaited<ReturnType<typeof import('libpg-query/wasm/libpg-query.js')['default']>>

let compiled: Promise<() => Promise<ParserModule>> | undefined
let current: Promise<ParserModule> | undefined

/** Postgres' own parser (that of 18), loaded when it is first needed: 1.7 MB. */
export async function openParser(): Promise<Parser> {
  compiled ??= compile()
  current ??= compiled.then((instantiate) => instantiate())
  const module = await current
  return {
    parse: (text) => guarded(() => parse(module, text)),
    scan: (text) => guarded(() => scan(module, text)),
  }
}

/**
 * A text nested too deeply overflows a stack, here or in the module. The module's memory is not to be trusted after that,
 * so the next text gets a new one.
 */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SyntaxProblem || error instanceof AppError) throw error
    current = undefined
    throw nestedTooDeeply(error)
  }
}

export function nestedTooDeeply(cause: unknown): AppError {
  return new AppError('VALIDATION', 'The SQL is nested too deeply to be read. Write it in smaller steps.', { cause })
}

async function compile(): Promise<() => Promise<ParserModule>> {
  const [{ default: create }, { default: url }] = await Promise.all([
    import('libpg-query/wasm/libpg-query.js'),
    import('libpg-query/wasm/libpg-query.wasm?url&inline'),
  ])
  const module = new WebAssembly.Module(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
  return () => create({ instantiateWasm: (imports, receive) => receive(new WebAssembly.Instance(module, imports)) })
}

function parse(module: ParserModule, text: string): readonly ParsedStatement[] {
  if (text.trim() === '') return []
  return withText(module, text, (pointer) => {
    const result = module._wasm_parse_query_raw(pointer)
    try {
      const failure = module.getValue(result + 8, 'i32')
      if (failure !== 0) {
        const message = module.UTF8ToString(module.getValue(failure, 'i32'))
        const position = module.getValue(failure + 16, 'i32')
        throw new SyntaxProblem(message, unitsOf(text, Math.max(0, position - 1)))
      }
      const tree: unknown = JSON.parse(module.UTF8ToString(module.getValue(result, 'i32')))
      return statementsOf(tree, text)
    } finally {
      module._wasm_free_parse_result(result)
    }
  })
}

function statementsOf(tree: unknown, text: string): readonly ParsedStatement[] {
  const offsets = byteOffsets(text)
  const found: unknown = isNode(tree) ? tree.stmts : []
  if (!Array.isArray(found)) return []
  return found.flatMap((each: unknown): readonly ParsedStatement[] => {
    if (!isNode(each) || !isNode(each.stmt)) return []
    const [entry] = Object.entries(each.stmt)
    if (entry === undefined || !isNode(entry[1])) return []
    const start = typeof each.stmt_location === 'number' ? each.stmt_location : 0
    const length = typeof each.stmt_len === 'number' ? each.stmt_len : offsets.bytes - start
    const from = offsets.toText(start)
    const to = offsets.toText(start + length)
    const blank = /^\s*/.exec(text.slice(from, to))?.[0].length ?? 0
    return [{ kind: entry[0], body: entry[1], start: from + blank, end: to }]
  })
}

function scan(module: ParserModule, text: string): readonly Token[] {
  return withText(module, text, (pointer) => {
    const result = module._wasm_scan(pointer)
    try {
      const answer = module.UTF8ToString(result)
      if (!answer.startsWith('{')) throw new SyntaxProblem(answer, 0)
      const read: Node = JSON.parse(answer)
      const offsets = byteOffsets(text)
      return (Array.isArray(read.tokens) ? read.tokens : []).filter(isNode).flatMap((token) => {
        if (/COMMENT/.test(String(token.tokenName))) return []
        const start = offsets.toText(Number(token.start))
        const end = offsets.toText(Number(token.end))
        const keyword = token.keywordName !== 'NO_KEYWORD'
        const reserved = token.keywordName === 'RESERVED_KEYWORD'
        return [{ text: text.slice(start, end), start, end, keyword, reserved }]
      })
    } finally {
      module._wasm_free_string(result)
    }
  })
}

function withText<T>(module: ParserModule, text: string, work: (pointer: number) => T): T {
  const size = module.lengthBytesUTF8(text) + 1
  const pointer = module._malloc(size)
  module.stringToUTF8(text, pointer, size)
  try {
    return work(pointer)
  } finally {
    module._free(pointer)
  }
}
