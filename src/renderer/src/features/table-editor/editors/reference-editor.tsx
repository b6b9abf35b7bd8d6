import { useCurrentProject } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Kbd } from '@renderer/ui/kbd'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { Skeleton } from '@renderer/ui/skeleton'
import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { CircleSlash, CornerDownLeft } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useState } from 'react'
import { shortenMiddle, wholeText } from '../cell-text'
import { editText } from '../edit-text'
import { useShowRecord } from '../use-show-record'
import type { AfterEdit, CellEditorProps } from './editing'
import { keepFocus } from './editor-box'
import { ReferencePeek } from './reference-peek'
import { useEditing } from './use-editing'

const itemLooks = 'flex h-8 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-active'

/** No key is written like this. */
const setNull = 'set null'

/** Searches the table that is pointed to by what its records are known by, with the chosen one beside the list. */
export function ReferenceEditor(props: CellEditorProps & { readonly reference: ColumnReference }) {
  const { column, reference, check } = props
  const { databaseId } = useCurrentProject()
  const { query } = useApi()
  const editing = useEditing(props)
  const showRecord = useShowRecord()
  const [search, setSearch] = useState(props.typed ? props.text : '')
  const [walked, setActive] = useState(props.typed ? '' : props.text)
  const asked = useDeferredValue(search.trim())
  const { data, error } = useQuery(
    query.records.references.queryOptions({
      input: {
        databaseId,
        tableName: column.table,
        column: column.name,
        ...(asked === '' ? {} : { search: asked }),
        limit: 30,
      },
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
  )
  const choices = data?.choices ?? []
  const typed = search.trim()
  const texts = choices.map(({ value }) => editText(column.type, value))
  const asIs = typed !== '' && !texts.includes(typed) && check(typed) === null ? typed : null
  // With another answer the highlight may be gone: the first one takes it.
  const active =
    texts.includes(walked) || walked === setNull || walked === `use ${asIs}` ? walked : (texts[0] ?? walked)
  const highlighted = choices.find((_, index) => texts[index] === active)

  function onKeyDown(event: KeyboardEvent) {
    const mod = event.ctrlKey || event.metaKey
    const after: AfterEdit | null = event.key === 'Tab' ? (event.shiftKey ? 'left' : 'right') : null
    if (event.key === 'Enter' && mod && highlighted) jump(highlighted.value)
    else if (after) {
      // What is highlighted was not chosen yet unless somebody searched for it.
      const found = typed !== '' && (highlighted ? active : asIs)
      editing.choose(found || props.text || null, after)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  function jump(value: JsonValue) {
    editing.cancel()
    showRecord(reference, value)
  }

  return (
    <Popover open>
      <PopoverAnchor>
        <div style={{ width: props.width, height: props.height }} className="absolute border-2 border-focus" />
      </PopoverAnchor>
      <PopoverContent
        data-editor-part
        aria-label={`Edit ${column.name}`}
        sideOffset={0}
        className="flex w-150 max-w-[90vw] overflow-hidden"
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        onEscapeKeyDown={(event) => {
          event.preventDefault()
          editing.cancel()
        }}
        onKeyDownCapture={onKeyDown}
        onKeyDown={(event) => event.stopPropagation()}
        onMouseDown={keepFocus}
        onContextMenu={(event) => event.stopPropagation()}
        onBlur={(event) => {
          const to = event.relatedTarget
          if (to instanceof Element && to.closest('[data-editor-part]')) return
          // A search is no choice: going elsewhere leaves the cell as it was.
          if (document.hasFocus()) editing.cancel()
        }}
      >
        <Command
          label={`Records of ${reference.table}`}
          shouldFilter={false}
          loop
          value={active}
          className="flex min-w-0 flex-1 flex-col"
          onValueChange={setActive}
        >
          <Command.Input
            autoFocus
            value={search}
            aria-label={`Edit ${column.name}`}
            placeholder={`Search ${reference.table}${data?.label ? ` by ${data.label}` : ''}`}
            className="h-9 w-full border-b border-border bg-transparent px-3 outline-none"
            onValueChange={setSearch}
          />
          <Command.List className="h-64 overflow-y-auto p-1">
            {error ? (
              <p role="alert" className="px-2 py-2 text-danger">
                {toAppError(error).message}
              </p>
            ) : null}
            {!data && !error ? (
              <div aria-busy="true" className="flex flex-col gap-3 p-2">
                <Skeleton className="h-4 w-40" />
                <Skeleton className="h-4 w-32" />
              </div>
            ) : null}
            {data && choices.length === 0 && asIs === null ? (
              <p className="px-2 py-2 text-text-muted">
                {typed === '' ? `${reference.table} has no records yet.` : `No record of ${reference.table} matches.`}
              </p>
            ) : null}
            {choices.map((choice, index) => {
              const text = texts[index] ?? ''
              return (
                <Command.Item
                  key={choice.id}
                  value={text}
                  className={itemLooks}
                  onSelect={() => editing.choose(text, 'stay')}
                  onClick={(event) => {
                    if (!event.ctrlKey && !event.metaKey) return
                    event.preventDefault()
                    event.stopPropagation()
                    jump(choice.value)
                  }}
                >
                  <span className="min-w-0 flex-1 truncate">
                    {choice.label === null ? shortenMiddle(text) : wholeText(choice.label)}
                  </span>
                  {choice.label === null ? null : (
                    <span className="max-w-36 shrink-0 truncate font-mono text-xs text-text-muted">
                      {shortenMiddle(text)}
                    </span>
                  )}
                </Command.Item>
              )
            })}
            {asIs ? (
              <Command.Item value={`use ${asIs}`} className={itemLooks} onSelect={() => editing.choose(asIs, 'stay')}>
                <CornerDownLeft aria-hidden className="size-3.5 text-text-muted" />
                <span className="truncate">
                  Use <span className="font-mono">{asIs}</span>
                </span>
              </Command.Item>
            ) : null}
            {column.nullable && typed === '' ? (
              <Command.Item value={setNull} className={itemLooks} onSelect={() => editing.choose(null)}>
                <CircleSlash aria-hidden className="size-3.5 text-text-muted" />
                Set NULL
              </Command.Item>
            ) : null}
            {data?.more ? (
              <p className="px-2 py-1.5 text-sm text-text-muted">There are more. Type to find them.</p>
            ) : null}
          </Command.List>
          <p className="flex h-8 items-center gap-3 border-t border-border bg-bg-subtle px-3 text-sm text-text-muted">
            <span className="flex items-center gap-1.5">
              <Kbd keys="Enter" /> choose
            </span>
            <span className="flex items-center gap-1.5">
              <Kbd keys="Mod+Enter" /> open the record
            </span>
          </p>
        </Command>
        <div className="w-64 shrink-0 overflow-y-auto border-l border-border bg-bg-subtle">
          {highlighted ? (
            <ReferencePeek databaseId={databaseId} reference={reference} value={highlighted.value} />
          ) : null}
        </div>
      </PopoverContent>
    </Popover>
  )
}
