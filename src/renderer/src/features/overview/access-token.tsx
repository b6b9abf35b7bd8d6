import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { CopyButton } from '@renderer/ui/copy-button'
import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'

/** Makes a token for the calls above and shows it once. It is a session, so Settings can end it. */
export function AccessToken() {
  const { query } = useApi()
  const make = useMutation(query.session.createToken.mutationOptions())
  const command = make.data ? `TOKEN=${make.data.access_token}` : null
  return (
    <div className="flex flex-col gap-2 px-4 pb-4">
      {command ? (
        <div className="flex items-center gap-2 rounded-md border border-border bg-bg-subtle py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 truncate font-mono text-sm select-text">{command}</code>
          <CopyButton text={command} label="Copy the token" />
        </div>
      ) : null}
      <div className="flex items-center justify-between gap-3">
        <p role="status" className="text-sm text-text-muted">
          {make.error
            ? toAppError(make.error).message
            : command
              ? 'Run this first in the same terminal. The token lives 15 minutes and is shown only here.'
              : 'The call needs an access token in TOKEN.'}
        </p>
        <Button icon={KeyRound} disabled={make.isPending} onClick={() => make.mutate({})}>
          Create token
        </Button>
      </div>
    </div>
  )
}
