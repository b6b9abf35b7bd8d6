import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Dialog, DialogBody, DialogContent, DialogFooter, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { Field, TextInput } from '@renderer/ui/field'
import { toast } from '@renderer/ui/toast'
import type { SavedQuery } from '@shared/contract/sql-panel.contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { SuggestName } from '../assistant/suggest-name'

/** Name and folder of a query: of a new one, or of one that is there. */
export function SaveQueryDialog(props: {
  readonly databaseId: string
  readonly query: Pick<SavedQuery, 'name' | 'folder' | 'text'> & { readonly id: string | null }
  readonly folders: readonly string[]
  readonly onSaved: (query: SavedQuery) => void
  readonly onClose: () => void
}) {
  const { client, query: keys } = useApi()
  const queryClient = useQueryClient()
  const { databaseId, query } = props
  const [name, setName] = useState(query.name)
  const [folder, setFolder] = useState(query.folder)
  const [failure, setFailure] = useState<string | null>(null)
  async function save() {
    setFailure(null)
    try {
      const { id, text } = query
      const saved =
        id === null
          ? await client.sqlPanel.createQuery({ databaseId, name, folder, text })
          : await client.sqlPanel.updateQuery({ databaseId, queryId: id, name, folder })
      await queryClient.invalidateQueries({ queryKey: keys.sqlPanel.savedQueries.key() })
      props.onSaved(saved.query)
      toast.success(`Saved ${saved.query.name}.`)
      props.onClose()
    } catch (error) {
      setFailure(toAppError(error).message)
    }
  }
  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent width="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <DialogHeader>
            <DialogTitle>{query.id === null ? 'Save query' : 'Rename or move query'}</DialogTitle>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            <Field
              label="Name"
              error={failure}
              aside={<SuggestName databaseId={databaseId} text={query.text} onName={setName} />}
            >
              <TextInput value={name} onChange={(event) => setName(event.target.value)} />
            </Field>
            <Field label="Folder" aside="Optional" hint="Slashes make folders in folders: sales/2026.">
              <TextInput value={folder} list="sql-folders" onChange={(event) => setFolder(event.target.value)} />
            </Field>
            <datalist id="sql-folders">
              {props.folders.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </DialogBody>
          <DialogFooter>
            <Button size="lg" onClick={props.onClose}>
              Cancel
            </Button>
            <Button size="lg" variant="primary" type="submit" disabled={name.trim() === ''}>
              Save query
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
