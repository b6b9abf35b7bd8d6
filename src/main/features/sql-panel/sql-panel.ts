import { createExports, type Exports } from './exports'
import { createOpenTransactions, type OpenTransactions } from './open-transactions'
import { createResultSpool, type ResultSpool } from './result-spool'

/** What the SQL panel keeps outside the database: results and files on disk, and sessions with a transaction. */
export interface SqlPanel {
  readonly spool: ResultSpool
  readonly exports: Exports
  readonly transactions: OpenTransactions
  /** Rolls back what is open. Results stay. */
  close(): Promise<void>
}

export interface SqlPanelOptions {
  /** A folder of its own. */
  readonly dir: string
  /** Milliseconds after the last statement at which an open transaction is rolled back. */
  readonly patience?: number
}

export function createSqlPanel({ dir, patience }: SqlPanelOptions): SqlPanel {
  const spool = createResultSpool(dir)
  const transactions = createOpenTransactions(patience)
  return {
    spool,
    exports: createExports(dir, spool),
    transactions,
    close: () => transactions.close(),
  }
}
