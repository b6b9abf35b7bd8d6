import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Field, Switch, TextInput } from '@renderer/ui/field'
import { TypeMark } from '@renderer/ui/type-mark'
import type { Table } from '@shared/contract/tables.contract'
import { wireTableInput } from '@shared/contract/wire-schema'
import { useMemo, useReducer, useState } from 'react'
import { isBlank, newColumn, toColumn } from './column-draft'
import { changeDrafts } from './column-drafts'
import { ColumnList } from './column-list'
import { columnGrid } from './column-row'
import { DraftDialog, DraftFailure, DraftForm, type DraftFrame } from './draft-dialog'
import { allowedName, problemsOfTable, type TableDraft, toSchemaInput } from './draft-problems'
import type { UniqueSet } from './unique-sets'
import { UniqueSetsField } from './unique-sets-field'
import { useOpenTable } from './use-open-table'
import { useTablesCache } from './use-tables-cache'

export interface NewTableDialogProps {
  readonly databaseId: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** After the table editor was opened on it. */
  readonly onCreated?: ((table: Table) => void) | undefined
}

export function NewTableDialog({ databaseId, open, onOpenChange, onCreated }: NewTableDialogProps) {
  return (
    <DraftDialog open={open} onOpenChange={onOpenChange}>
      {(frame) => <NewTable databaseId={databaseId} frame={frame} onCreated={onCreated} />}
    </DraftDialog>
  )
}

const identity = { name: 'id', type: 'uuid', primary_key: true } as const

function NewTable(props: Pick<NewTableDialogProps, 'databaseId' | 'onCreated'> & { readonly frame: DraftFrame }) {
  const { databaseId, frame } = props
  const { client } = useApi()
  const tables = useTables()
  const cache = useTablesCache(databaseId)
  const openTable = useOpenTable()
  const [name, setName] = useState('')
  const [sets, setSets] = useState<readonly UniqueSet[]>([])
  const [timestamps, setTimestamps] = useState(true)
  const [columns, dispatch] = useReducer(changeDrafts, null, () => [newColumn()])
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const schemas = useMemo(() => tables.map((table) => table.schema_json), [tables])
  const ownKey = columns.some(({ inKey }) => inKey)
  const own = useMemo(() => {
    const key = columns.filter(({ inKey }) => inKey).map((column) => toColumn(column, name))
    return { name, columns: key.length > 0 ? key : [identity] }
  }, [name, columns])
  const draft: TableDraft = { name, timestamps, columns, sets }
  const problems = problemsOfTable(draft, { tables: schemas })
  const shown = tried ? problems : problems.filter(({ missing }) => !missing)
  const ofTable = shown.find(({ key }) => key === null)
  const fallback = ofTable?.field === 'name' ? allowedName(name) : null
  frame.setDirty(name !== '' || columns.some((column) => !isBlank(column)))

  async function create() {
    setTried(true)
    if (busy || problems.length > 0) return
    setBusy(true)
    setFailure(null)
    try {
      const { table } = await client.tables.create({ databaseId, schemaJson: wireTableInput(toSchemaInput(draft)) })
      cache.put(table)
      frame.done()
      openTable(table, { keep: true })
      props.onCreated?.(table)
    } catch (error) {
      setFailure(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <DraftForm
      title="New table"
      description="Enter in a column's name begins the next column."
      action="Create table"
      disabled={busy || shown.length > 0}
      note={failure ? <DraftFailure>{failure}</DraftFailure> : null}
      onCancel={frame.cancel}
      onAction={() => void create()}
    >
      <div className="flex max-w-90 flex-col items-start gap-1">
        <Field label="Name" error={ofTable?.sentence} className="self-stretch">
          <TextInput
            size="lg"
            mono
            value={name}
            placeholder="orders"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {fallback ? (
          <Button size="sm" onClick={() => setName(fallback)}>
            Use {fallback}
          </Button>
        ) : null}
      </div>
      <ColumnList
        columns={columns}
        dispatch={dispatch}
        problems={shown}
        tables={schemas}
        own={own}
        onDragging={frame.setDragging}
        choosesKey
        before={ownKey ? null : <AutomaticColumn name="id" base="uuid" what="The key, made by the studio" />}
        after={
          timestamps && !ownKey
            ? ['created_at', 'updated_at']
                .filter((time) => !columns.some((column) => column.name === time))
                .map((time) => <AutomaticColumn key={time} name={time} base="timestamptz" what="Kept by the studio" />)
            : null
        }
      />
      <UniqueSetsField columns={columns} sets={sets} onChange={setSets} />
      {ownKey ? (
        <p className="text-text-muted">A table with a key of its own has exactly these columns.</p>
      ) : (
        <Switch
          label="Keep the times when a record was created and updated"
          checked={timestamps}
          onCheckedChange={setTimestamps}
        />
      )}
    </DraftForm>
  )
}

function AutomaticColumn(props: {
  readonly name: string
  readonly base: 'uuid' | 'timestamptz'
  readonly what: string
}) {
  return (
    <div className={columnGrid}>
      <span />
      <span className="truncate px-2 py-1.5 font-mono text-text-muted">{props.name}</span>
      <span className="flex min-w-0 items-center gap-2 px-2 text-text-muted">
        <TypeMark base={props.base} />
        <span className="truncate">{props.base}</span>
      </span>
      <span className="max-sm:hidden" />
      <span className="col-span-2 truncate pl-2 text-sm text-text-muted" title={props.what}>
        Added automatically
      </span>
    </div>
  )
}
