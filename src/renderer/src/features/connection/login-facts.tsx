import { IconButton } from '@renderer/ui/button'
import { Fact } from '@renderer/ui/fact'
import type { SqlLogin } from '@shared/contract/connection.contract'
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { mask, maskedUrl, passwordOf, psqlCommand } from './login-text'

/** The login as its parts, as an address and as a command. The password is seen only while somebody asks for it. */
export function LoginFacts({ login }: { readonly login: SqlLogin }) {
  const [open, setOpen] = useState(false)
  const url = open ? login.url : maskedUrl(login)
  return (
    <dl className="divide-y divide-border border-y border-border">
      <Fact name="Host" value={login.host} copy="Copy the host" />
      <Fact name="Port" value={String(login.port)} copy="Copy the port" />
      <Fact name="Database" value={login.database} copy="Copy the database name" />
      <Fact name="User" value={login.user} copy="Copy the user" />
      <Fact
        whole
        name="Password"
        value={passwordOf(login)}
        shown={open ? passwordOf(login) : <Hidden />}
        copy="Copy the password"
        aside={
          <IconButton
            label={open ? 'Hide the password' : 'Show the password'}
            icon={open ? EyeOff : Eye}
            size="sm"
            onClick={() => setOpen(!open)}
          />
        }
      />
      <Fact whole name="Connection string" value={login.url} shown={url} copy="Copy the connection string" />
      <Fact whole name="psql" value={psqlCommand(login.url)} shown={psqlCommand(url)} copy="Copy the psql command" />
    </dl>
  )
}

function Hidden() {
  return (
    <>
      <span aria-hidden>{mask}</span>
      <span className="sr-only">hidden</span>
    </>
  )
}
