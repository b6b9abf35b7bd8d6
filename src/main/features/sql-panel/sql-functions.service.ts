import type { Transaction } from '../../db/database'
import { selectFunctionsSql } from './sql-panel.sql'

export interface SqlFunction {
  readonly name: string
  /** `text, integer` */
  readonly takes: string
  readonly gives: string
}

let known: Promise<readonly SqlFunction[]> | undefined

/** The functions that Postgres itself has, read once: they change with the server's version only. */
export async function postgresFunctions(tx: Transaction): Promise<readonly SqlFunction[]> {
  known ??= tx.query<SqlFunction>(selectFunctionsSql)
  try {
    return await known
  } catch (error) {
    known = undefined
    throw error
  }
}
