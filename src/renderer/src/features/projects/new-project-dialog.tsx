import { paths } from '@renderer/app/paths'
import { toAppError } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@renderer/ui/dialog'
import { Field, TextArea, TextInput } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import type { Project } from '@shared/contract/projects.contract'
import { templates } from '@shared/templates'
import { type FormEvent, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { describeLater } from '../assistant/describe-later'
import { useAssistant } from '../assistant/use-assistant'
import { freeName } from './free-name'
import { useCreateProject, useProjects } from './use-projects'

const noTemplate = ''
const choices = [
  { value: noTemplate, label: 'None: only the table for users' },
  ...templates.map(({ id, name }) => ({ value: id, label: name })),
]

/** Enter is enough: the name is filled in, and the table editor opens on `users`. */
export function NewProjectDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        width="sm"
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          input.current?.select()
        }}
      >
        <NewProjectForm input={input} onClose={onClose} />
      </DialogContent>
    </Dialog>
  )
}

function NewProjectForm(props: {
  readonly input: React.RefObject<HTMLInputElement | null>
  readonly onClose: () => void
}) {
  const { projects } = useProjects()
  const [name, setName] = useState(() =>
    freeName(
      'My project',
      (projects ?? []).map((project) => project.name),
    ),
  )
  const [started, setStarted] = useState<Project | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const [template, setTemplate] = useState(noTemplate)
  const assistant = useAssistant()
  const create = useCreateProject()
  const navigate = useNavigate()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (create.isPending) return
    if (name.trim() === '') return setFailure('Give the project a name.')
    setFailure(null)
    try {
      const { project, tables, error } = await create.mutateAsync({
        name: name.trim(),
        started,
        template: template === noTemplate ? null : template,
      })
      if (error) {
        setStarted(project)
        return setFailure(toAppError(error).message)
      }
      props.onClose()
      if (words.trim() !== '') {
        describeLater(project.id, words.trim())
        return await navigate(paths.schema(project.id))
      }
      if (template !== noTemplate) return await navigate(paths.schema(project.id))
      const first = tables.find((table) => table.table_name === 'users') ?? tables[0]
      await navigate(first ? paths.table(project.id, first.table_name) : paths.tables(project.id))
    } catch (error) {
      setFailure(toAppError(error).message)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="contents">
      <DialogHeader>
        <DialogTitle>New project</DialogTitle>
        <DialogDescription>It comes with its own database and a table for users.</DialogDescription>
      </DialogHeader>
      <DialogBody className="flex flex-col gap-3">
        <Field label="Name" error={failure}>
          <TextInput
            ref={props.input}
            size="lg"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="Template" aside="Optional" hint={templates.find(({ id }) => id === template)?.sentence}>
          <Select value={template} options={choices} size="lg" onValueChange={setTemplate} />
        </Field>
        {assistant.state === 'ready' || assistant.state === 'missing' ? (
          <Field
            label="Describe your database"
            aside="Optional"
            hint={assistant.missing || 'You get a draft of its tables to look at before anything is created.'}
          >
            <TextArea
              rows={3}
              value={words}
              disabled={assistant.state === 'missing'}
              placeholder="A recipe app with ingredients, steps, tags and ratings"
              onChange={(event) => setWords(event.target.value)}
            />
          </Field>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button size="lg" onClick={props.onClose}>
          Cancel
        </Button>
        <Button size="lg" variant="primary" type="submit" aria-disabled={create.isPending}>
          Create project
        </Button>
      </DialogFooter>
    </form>
  )
}
