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
 * The project, then its database: two calls. Their answers go into the cache, so the table editor opens without asking.
 * When the second one fails, trying again continues where it stopped.
 */
export function useCreateProject() {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  return useMutation({
    async mutationFn(input: { readonly name: string; readonly started: Project | null }) {
      const project = input.started ?? (await client.projects.create({ name: input.name })).project
      try {
        const { database, tables } = await client.databases.create({ projectId: project.id })
        return { project: { ...project, database_id: database.id }, tables, error: null }
      } catch (error) {
        return { project, tables: [], error }
      }
    },
    onSuccess({ project, tables }) {
      queryClient.setQueryData(query.projects.list.queryKey({ input: {} }), (old) => ({
        projects: [project, ...(old?.projects ?? []).filter(({ id }) => id !== project.id)],
      }))
      if (project.database_id)
        queryClient.setQueryData(query.tables.list.queryKey({ input: { databaseId: project.database_id } }), { tables })
    },
  })
}
