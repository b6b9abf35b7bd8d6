import type { SavedQuery } from '@shared/contract/sql-panel.contract'

export interface QueryFolder {
  readonly name: string
  readonly path: string
  readonly folders: readonly QueryFolder[]
  readonly queries: readonly SavedQuery[]
}

/** Queries in the folders that their paths name. */
export function queryTree(queries: readonly SavedQuery[], path = ''): QueryFolder {
  const inside = queries.filter(({ folder }) => path === '' || folder === path || folder.startsWith(`${path}/`))
  const depth = path === '' ? 0 : path.split('/').length
  const names = new Set(inside.flatMap(({ folder }) => folder.split('/')[depth] || []))
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    folders: [...names].sort().map((name) => queryTree(inside, path === '' ? name : `${path}/${name}`)),
    queries: inside.filter(({ folder }) => folder === path),
  }
}

export function foldersOf(queries: readonly SavedQuery[]): readonly string[] {
  return [...new Set(queries.map(({ folder }) => folder).filter((folder) => folder !== ''))].sort()
}
