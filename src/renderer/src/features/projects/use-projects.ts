import { useApi } from '@renderer/bridge/api'
import type { Project } from '@shared/contract/projects.contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

/** The projects that are not in the bin, newest first. */
export function useProjects() {
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.projects.list.queryOptions({ input: {} }))
  return { projects: data?.projects, error, refetch }
}

/** The projects in the bin. */
export function useBin() {
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.projects.list.queryOptions({ input: { deleted: true } }))
  return { projects: data?.projects.filter((project) => project.deleted_at !== null), error, refetch }
}

/** Rename, delete and restore. Each promise ends when the lists are true again. */
export function useProjectActions() {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const settle = () => queryClient.invalidateQueries({ queryKey: query.projects.key() })
  return {
    async update(projectId: string, change: { name?: string; description?: string | null }) {
      await client.projects.update({ projectId, ...change })
      await settle()
    },
    async remove(projectId: string) {
      await client.projects.delete({ projectId })
      await settle()
    },
    async restore(projectId: string) {
      await client.projects.restore({ projectId })
      await settle()
    },
  }
}

/**
 * The project, then its database and what a template puts into it. Their answers go into the cache, so the next page
 * opens without asking. When one fails, trying again continues where it stopped.
 */
export function useCreateProject() {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  return useMutation({
    async mutationFn(input: {
      readonly name: string
      readonly started: Project | null
      /** Its tables and sample records are made too. */
      readonly template: string | null
    }) {
      let project = input.started ?? (await client.projects.create({ name: input.name })).project
      try {
        let databaseId = project.database_id
        if (databaseId === null) {
          const { database, tables } = await client.databases.create({ projectId: project.id })
          databaseId = database.id
          project = { ...project, database_id: databaseId }
          if (input.template === null) return { project, tables, error: null }
        }
        if (input.template !== null) await client.schema.applyTemplate({ databaseId, template: input.template })
        const { tables } = await client.tables.list({ databaseId })
        return { project, tables, error: null }
      } catch (error) {
        return { project, tables: [], error }
      }
    },
    onSuccess({ project, tables, error }) {
      queryClient.setQueryData(query.projects.list.queryKey({ input: {} }), (old) => ({
        projects: [project, ...(old?.projects ?? []).filter(({ id }) => id !== project.id)],
      }))
      if (project.database_id && !error)
        queryClient.setQueryData(query.tables.list.queryKey({ input: { databaseId: project.database_id } }), { tables })
    },
  })
}
