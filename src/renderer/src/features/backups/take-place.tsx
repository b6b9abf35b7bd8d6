import { toAppError, useApi } from '@renderer/bridge/api'
import { Setting } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { toast } from '@renderer/ui/toast'
import type { RestoredFrom } from '@shared/contract/backups.contract'
import { useQueryClient } from '@tanstack/react-query'
import { ArrowLeftRight } from 'lucide-react'
import { useState } from 'react'

/** Of a restored project: lets it become what the other one was. */
export function TakePlace({ databaseId, former }: { readonly databaseId: string; readonly former: RestoredFrom }) {
  const { client } = useApi()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)

  async function takePlace() {
    try {
      await client.backups.takePlace({ databaseId })
      toast.success(`This is “${former.name}” now. The former one is in the bin.`)
    } catch (error) {
      toast.error(toAppError(error).message)
    }
    await queryClient.invalidateQueries()
  }

  return (
    <Setting
      label="Take the place of the other project"
      hint={`This project was restored from a backup of “${former.name}”. Compare the two first.`}
    >
      <Button icon={ArrowLeftRight} onClick={() => setAsking(true)}>
        Take its place
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Let this project take the place of “${former.name}”?`}
        description={`It gets the name, API address, keys, settings and backups of “${former.name}”, so apps go on with the restored records. “${former.name}” as it is now moves to the bin, where it stays for 30 days.`}
        confirm="Take its place"
        danger
        onConfirm={takePlace}
      />
    </Setting>
  )
}
