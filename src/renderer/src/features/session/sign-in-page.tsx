import { toAppError, useApi } from '@renderer/bridge/api'
import { BackToBuiltIn, ChosenServer } from '@renderer/features/servers/switch-server'
import { Button } from '@renderer/ui/button'
import { Field, TextInput } from '@renderer/ui/field'
import { Logo } from '@renderer/ui/logo'
import { email as emailField, password as passwordField } from '@shared/contract/fields'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'

const words = {
  signIn: { title: 'Sign in', action: 'Sign in', other: 'No account yet?', change: 'Create an account' },
  signUp: { title: 'Create an account', action: 'Create account', other: 'Already here?', change: 'Sign in' },
} as const

/** Sign in and sign up are one form: what was typed survives changing between them. */
export function SignInPage() {
  const { client } = useApi()
  const queryClient = useQueryClient()
  const [mode, setMode] = useState<keyof typeof words>('signIn')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [faults, setFaults] = useState<{ email?: string; password?: string }>({})
  const enter = useMutation({
    mutationFn: () => client.session[mode]({ email: email.trim(), password }),
    // Nothing of whoever was here before is shown to whoever is now.
    onSuccess: () => queryClient.resetQueries(),
  })
  const text = words[mode]
  useEffect(() => {
    document.title = `${text.title} · Tessera Studio`
  }, [text])

  function submit(event: FormEvent) {
    event.preventDefault()
    if (enter.isPending) return
    const found = check(mode, email, password)
    setFaults(found)
    if (!found.email && !found.password) enter.mutate()
  }

  return (
    <main className="app-drag flex h-full flex-col items-center justify-center px-6 pb-16">
      <form
        noValidate
        className="app-no-drag flex w-full max-w-80 flex-col gap-4"
        onSubmit={submit}
        onChange={() => {
          enter.reset()
          setFaults({})
        }}
      >
        <div className="flex flex-col items-center gap-3 pb-2">
          <Logo className="size-10" />
          <h1 className="text-xl font-semibold">{text.title}</h1>
          <ChosenServer />
        </div>
        <Field label="E-mail address" error={faults.email}>
          <TextInput
            size="lg"
            type="email"
            autoComplete="username"
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label="Password" error={faults.password} hint={mode === 'signUp' ? 'At least 8 characters.' : undefined}>
          <TextInput
            size="lg"
            type="password"
            autoComplete={mode === 'signUp' ? 'new-password' : 'current-password'}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {enter.error ? (
          <p role="alert" className="rounded-md bg-danger-subtle px-3 py-2 text-danger">
            {toAppError(enter.error).message}
          </p>
        ) : null}
        <Button type="submit" size="lg" variant="primary" aria-disabled={enter.isPending}>
          {text.action}
        </Button>
        <p className="text-center text-text-muted">
          {text.other}{' '}
          <button
            type="button"
            className="font-medium text-accent-text hover:underline"
            onClick={() => {
              setMode(mode === 'signIn' ? 'signUp' : 'signIn')
              setFaults({})
              enter.reset()
            }}
          >
            {text.change}
          </button>
        </p>
        <BackToBuiltIn />
      </form>
    </main>
  )
}

/** Signing in takes any pair: only the server knows. Signing up says beforehand what it would refuse. */
function check(mode: keyof typeof words, email: string, password: string): { email?: string; password?: string } {
  if (mode === 'signIn')
    return {
      ...(email.trim() === '' ? { email: 'Type your e-mail address.' } : {}),
      ...(password === '' ? { password: 'Type your password.' } : {}),
    }
  const emailFault = emailField.safeParse(email).error?.issues[0]?.message
  const passwordFault = passwordField.safeParse(password).error?.issues[0]?.message
  return { ...(emailFault ? { email: emailFault } : {}), ...(passwordFault ? { password: passwordFault } : {}) }
}
