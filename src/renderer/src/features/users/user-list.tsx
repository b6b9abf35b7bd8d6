import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { LetterTile } from '@renderer/ui/letter-tile'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@renderer/ui/menu'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import { ChevronDown, Mail, UserPlus, Users } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { NewUserDialog } from './new-user-dialog'
import { type UserState, useUsers } from './use-users'
import { UserSheet } from './user-sheet'

const states: readonly { readonly value: UserState; readonly label: string }[] = [
  { value: 'all', label: 'Everybody' },
  { value: 'confirmed', label: 'Confirmed' },
  { value: 'unconfirmed', label: 'Not confirmed' },
  { value: 'banned', label: 'Banned' },
]

export function UserList({ databaseId }: { readonly databaseId: string }) {
  const [search, setSearch] = useState('')
  const [state, setState] = useState<UserState>('all')
  const [open, setOpen] = useState<string | null>(null)
  const [making, setMaking] = useState<'create' | 'invite' | null>(null)
  const { users, total, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useUsers(
    databaseId,
    useDeferredValue(search.trim()),
    state,
  )
  const isNarrowed = search.trim() !== '' || state !== 'all'
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-6 py-3 max-sm:px-4">
        <TextInput
          type="search"
          aria-label="Search users"
          placeholder="Search by address, name or id"
          className="w-72! max-w-full"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Select aria-label="Show" className="w-36!" value={state} options={states} onValueChange={setState} />
        <span aria-live="polite" className="text-text-muted tabular-nums">
          {users ? countOf(total, 'user') : ''}
        </span>
        <div className="flex-1" />
        <NewUserMenu onChoose={setMaking} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto border-t border-border">
        {error && !users ? (
          <ErrorState error={error} title="The users could not be loaded" onRetry={() => void refetch()} />
        ) : users?.length === 0 ? (
          <NobodyHere isNarrowed={isNarrowed} onCreate={() => setMaking('create')} />
        ) : (
          <table className="w-full min-w-160 table-fixed border-separate border-spacing-0">
            <thead>
              <tr>
                {columns.map(([title, width]) => (
                  <th
                    key={title}
                    scope="col"
                    className={`${width} sticky top-0 z-10 h-8 border-b border-border bg-bg-subtle px-3 text-left font-medium text-text-muted first:pl-6 last:pr-6 max-sm:first:pl-4`}
                  >
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {users
                ? users.map((user) => <UserRow key={user.id} user={user} onOpen={() => setOpen(user.id)} />)
                : [0, 1, 2, 3, 4].map((row) => <LoadingRow key={row} />)}
            </tbody>
          </table>
        )}
        {hasNextPage ? (
          <div className="flex justify-center p-3">
            <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more users
            </Button>
          </div>
        ) : null}
      </div>
      <NewUserDialog databaseId={databaseId} making={making} onClose={() => setMaking(null)} onMade={setOpen} />
      <UserSheet databaseId={databaseId} userId={open} onClose={() => setOpen(null)} />
    </>
  )
}

/** The first takes what the others leave. */
const columns = [
  ['User', ''],
  ['Created', 'w-32'],
  ['Last sign-in', 'w-32'],
  ['Sign-ins', 'w-22 max-[1100px]:hidden'],
  ['State', 'w-34'],
] as const

function NewUserMenu({ onChoose }: { readonly onChoose: (how: 'create' | 'invite') => void }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger>
        <Button variant="primary" icon={UserPlus}>
          Add user
          <ChevronDown aria-hidden className="size-3.5" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem icon={UserPlus} onSelect={() => onChoose('create')}>
          Create with a password
        </DropdownMenuItem>
        <DropdownMenuItem icon={Mail} onSelect={() => onChoose('invite')}>
          Invite by mail
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

function NobodyHere({ isNarrowed, onCreate }: { readonly isNarrowed: boolean; readonly onCreate: () => void }) {
  if (isNarrowed)
    return (
      <EmptyState icon={Users} title="Nobody matches">
        Search for another part of an address or a name, or show everybody.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={Users}
      title="Nobody has signed up yet"
      action={
        <Button variant="primary" icon={UserPlus} onClick={onCreate}>
          Create a user
        </Button>
      }
    >
      Whoever signs up in your app becomes a record of the table users and appears here.
    </EmptyState>
  )
}

function UserRow({ user, onOpen }: { readonly user: EndUserDetails; readonly onOpen: () => void }) {
  const cell = 'h-11 border-b border-border px-3 first:pl-6 last:pr-6 max-sm:first:pl-4'
  return (
    <tr className="group relative transition-colors hover:bg-bg-hover">
      <td className={cell}>
        <div className="flex min-w-0 items-center gap-3">
          <LetterTile name={user.full_name ?? user.email} />
          <button
            type="button"
            onClick={onOpen}
            className="max-w-full shrink-0 truncate text-left font-medium after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          >
            {user.email}
          </button>
          {user.full_name ? <span className="min-w-0 truncate text-text-muted">{user.full_name}</span> : null}
        </div>
      </td>
      <td className={`${cell} text-text-muted`}>{user.created_at ? <TimeAgo at={user.created_at} /> : null}</td>
      <td className={`${cell} text-text-muted`}>
        {user.last_sign_in_at ? <TimeAgo at={user.last_sign_in_at} /> : 'Never'}
      </td>
      <td className={`${cell} text-text-muted tabular-nums max-[1100px]:hidden`}>{user.sessions}</td>
      <td className={cell}>
        <StateBadge user={user} />
      </td>
    </tr>
  )
}

export function StateBadge({ user }: { readonly user: EndUserDetails }) {
  if (user.banned_until !== null) return <Badge tone="danger">Banned</Badge>
  if (user.confirmed_at !== null) return <Badge tone="success">Confirmed</Badge>
  return <Badge tone="warning">{user.invited_at === null ? 'Not confirmed' : 'Invited'}</Badge>
}

function LoadingRow() {
  return (
    <tr>
      <td className="h-11 border-b border-border px-6">
        <Skeleton className="h-4 w-52" />
      </td>
      {[1, 2, 3, 4].map((column) => (
        <td key={column} className="h-11 border-b border-border px-3">
          <Skeleton className="h-4 w-20" />
        </td>
      ))}
    </tr>
  )
}
