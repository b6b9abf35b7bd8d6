import { useApi } from '@renderer/bridge/api'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { errorFacts } from '@renderer/ui/error-state'
import { countOf } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import { useQuery } from '@tanstack/react-query'
import { useSettleUsers } from './use-users'

const becomes = {
  cascade: (records: string) => `${records} will be deleted too`,
  set_null: (records: string) => `${records} will point at nobody`,
  restrict: (records: string) => `${records} keep the user: delete or change them first`,
} as const

/** Says first what refers to the user and what becomes of it, and afterwards what really went. */
export function DeleteUserDialog(props: {
  readonly databaseId: string
  readonly user: EndUserDetails | null
  readonly onClose: () => void
  readonly onDeleted: () => void
}) {
  const { databaseId, user } = props
  const { client, query } = useApi()
  const settle = useSettleUsers()
  const shown = useLast(user)
  const { data, error } = useQuery({
    ...query.endUsers.references.queryOptions({ input: { databaseId, userId: shown?.id ?? '' } }),
    enabled: user !== null,
    staleTime: 0,
  })
  return (
    <ConfirmDialog
      open={user !== null}
      onOpenChange={(open) => !open && props.onClose()}
      title={`Delete ${shown?.email ?? 'the user'}?`}
      description={
        <>
          <p>Their record goes, and their sign-ins end at once.</p>
          {error ? (
            <p role="alert" className="text-danger">
              {errorFacts(error).message}
            </p>
          ) : data === undefined ? (
            <Skeleton className="mt-2 h-4 w-56" />
          ) : data.references.length === 0 ? (
            <p>Nothing refers to them.</p>
          ) : (
            <ul className="mt-2 list-disc pl-5">
              {data.references.map(({ table, column, count, on_delete }) => (
                <li key={`${table}.${column}`}>
                  {becomes[on_delete](`${countOf(count, 'record')} of ${table} (${column})`)}.
                </li>
              ))}
            </ul>
          )}
        </>
      }
      confirm="Delete user"
      danger
      onConfirm={async () => {
        if (!shown) return
        const { cascaded } = await client.endUsers.delete({ databaseId, userId: shown.id })
        await settle()
        props.onDeleted()
        const more = cascaded === 0 ? '' : `, and ${countOf(cascaded, 'record')} with them`
        toast.success(`${shown.email} is deleted${more}.`)
      }}
    />
  )
}
