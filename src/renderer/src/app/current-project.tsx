import { useApi } from '@renderer/bridge/api'
import type { Project } from '@shared/contract/projects.contract'
import type { Table } from '@shared/contract/tables.contract'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'

/** The project of the address, with its database. */
export interface CurrentProject {
  readonly project: Project
  readonly databaseId: string
}

const CurrentProjectContext = createContext<CurrentProject | null>(null)

export function CurrentProjectProvider(props: { readonly value: CurrentProject | null; readonly children: ReactNode }) {
  return <CurrentProjectContext value={props.value}>{props.children}</CurrentProjectContext>
}

/** Null on pages that belong to no project. */
export function useMaybeProject(): CurrentProject | null {
  return useContext(CurrentProjectContext)
}

/** For everything below `/projects/:projectId`. */
export function useCurrentProject(): CurrentProject {
  const current = useContext(CurrentProjectContext)
  if (current === null) throw new Error('useCurrentProject needs a project in the address')
  return current
}

/** The tables of the current project; empty while they load or when there is no project. */
export function useTables(): readonly Table[] {
  const { query } = useApi()
  const databaseId = useMaybeProject()?.databaseId
  const tables = useQuery({
    ...query.tables.list.queryOptions({ input: { databaseId: databaseId ?? '' } }),
    enabled: databaseId !== undefined,
  })
  return tables.data?.tables ?? noTables
}

const noTables: readonly Table[] = []
