import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { Fact } from '@renderer/ui/fact'
import { Panel } from '@renderer/ui/panel'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { rulesSentences } from '@shared/domain/access-rule'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Download, Table2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { CodeBlock, saveText } from './code-block'
import {
  type Language,
  languageNames,
  languages,
  setUp,
  signInSnippet,
  signUpSnippet,
  tableSnippets,
} from './rest-snippets'
import { TryIt } from './try-it'

/** The documentation of the project's own API: real names, a real key, and calls that run as they stand. */
export function ApiDocs({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const tables = useTables()
  const [language, setLanguage] = useState<Language>('typescript')
  const [chosen, setChosen] = useState<string | null>(null)
  const overview = useQuery(query.databases.get.queryOptions({ input: { databaseId } }))
  const key = useQuery({ ...query.keys.snippet.queryOptions({ input: { databaseId } }), staleTime: 60_000 })
  const rules = useQuery(query.rules.list.queryOptions({ input: { databaseId } }))
  const download = useMutation(
    query.api.document.mutationOptions({
      onSuccess: ({ name, text }) => saveText(name, text),
      onError: (error) => toast.error(toAppError(error).message),
    }),
  )
  const table =
    tables.find(({ table_name }) => table_name === chosen) ??
    tables.find(({ table_name }) => table_name !== 'users') ??
    tables[0]
  const baseUrl = overview.data && `${overview.data.connection.api_url}/p/${overview.data.database.ref}`
  const place = baseUrl && key.data ? { baseUrl, key: key.data.secret } : null
  const own = rules.data?.tables.find(({ table_name }) => table_name === table?.table_name)
  return (
    <div className="grid items-start gap-5 min-[1100px]:grid-cols-[1fr_1fr]">
      <div className="flex min-w-0 flex-col gap-5">
        <Panel title="Connect">
          <dl className="divide-y divide-border border-b border-border">
            <Fact name="Address" value={baseUrl} copy="Copy the address" />
            <Fact name="Publishable key" value={key.data?.secret} copy="Copy the key" />
          </dl>
          <div className="flex flex-col gap-3 px-4 py-3">
            <p className="text-text-muted">
              The key may stand in the code of an app: it opens only what the access rules open.
            </p>
            <Segmented
              aria-label="Language"
              value={language}
              onValueChange={setLanguage}
              options={languages.map((value) => ({ value, label: languageNames[value] }))}
            />
            {place ? (
              <CodeBlock text={setUp(language, place)} label="Copy the beginning" />
            ) : (
              <Skeleton className="h-20 w-full" />
            )}
            <div className="flex flex-wrap gap-2">
              <Button
                icon={Download}
                disabled={download.isPending}
                onClick={() => download.mutate({ databaseId, format: 'typescript' })}
              >
                TypeScript types
              </Button>
              <Button
                icon={Download}
                disabled={download.isPending}
                onClick={() => download.mutate({ databaseId, format: 'openapi' })}
              >
                OpenAPI
              </Button>
            </div>
          </div>
        </Panel>
        {place ? (
          <Panel title="Sign up and in">
            <div className="flex flex-col gap-3 px-4 py-3">
              <CodeBlock text={signUpSnippet(language, place)} label="Copy the sign-up" />
              <CodeBlock text={signInSnippet(language, place)} label="Copy the sign-in" />
              <p className="text-text-muted">
                {language === 'curl' ? (
                  <>
                    Then <code className="font-mono text-sm">-H "Authorization: Bearer $ACCESS_TOKEN"</code> makes a
                    call theirs.
                  </>
                ) : (
                  'Calls that follow are theirs.'
                )}
              </p>
            </div>
          </Panel>
        ) : null}
        {table ? <TryIt databaseId={databaseId} table={table} key={table.id} /> : null}
      </div>
      <Panel
        title="Tables"
        aside={
          tables.length > 0 ? (
            <Select
              aria-label="Table of the documentation"
              className="w-auto! max-w-52"
              value={table?.table_name ?? ''}
              options={tables.map(({ table_name }) => ({ value: table_name, label: table_name }))}
              onValueChange={setChosen}
            />
          ) : null
        }
      >
        {table && place ? (
          <div className="flex flex-col gap-4 px-4 py-3">
            {own ? (
              <div className="flex flex-col gap-1 text-sm text-text-muted">
                <ul className="flex flex-col gap-0.5">
                  {rulesSentences(own.rules).map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
                <Link className="self-start text-accent-text underline" to="?tab=rules" replace>
                  Change the access rules
                </Link>
              </div>
            ) : null}
            {tableSnippets(language, place, table).map(({ title, text }) => (
              <section key={title} aria-label={title} className="flex flex-col gap-1.5">
                <h3 className="font-medium">{title}</h3>
                <CodeBlock text={text} label={`Copy: ${title}`} />
              </section>
            ))}
          </div>
        ) : tables.length === 0 ? (
          <EmptyState icon={Table2} title="No tables yet">
            Create a table; its calls appear here.
          </EmptyState>
        ) : (
          <div className="flex flex-col gap-3 px-4 py-4">
            {[0, 1, 2].map((row) => (
              <Skeleton key={row} className="h-20 w-full" />
            ))}
          </div>
        )}
      </Panel>
    </div>
  )
}
