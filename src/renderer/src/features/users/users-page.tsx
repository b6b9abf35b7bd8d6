import { useCurrentProject } from '@renderer/app/current-project'
import { Segmented } from '@renderer/ui/segmented'
import { useEffect, useState } from 'react'
import { MailList } from './mail-list'
import { SignInSettings } from './sign-in-settings'
import { UserList } from './user-list'

type Part = 'users' | 'settings' | 'mails'

/** The people who signed up to the project's app, how they do it, and the mails they get. */
export function UsersPage() {
  const { project, databaseId } = useCurrentProject()
  const [part, setPart] = useState<Part>('users')
  useEffect(() => {
    document.title = `Users · ${project.name} · Tessera Studio`
  }, [project.name])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-border px-6 py-3 max-sm:px-4">
        <h1 className="text-lg font-semibold">Users</h1>
        <Segmented
          aria-label="Part of the page"
          value={part}
          onValueChange={setPart}
          options={[
            { value: 'users', label: 'People' },
            { value: 'settings', label: 'Sign-in' },
            { value: 'mails', label: 'Mails' },
          ]}
        />
      </div>
      {part === 'users' ? (
        <UserList databaseId={databaseId} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto max-w-200 px-6 py-6 max-sm:px-4">
            {part === 'settings' ? <SignInSettings databaseId={databaseId} /> : <MailList databaseId={databaseId} />}
          </div>
        </div>
      )}
    </div>
  )
}
