// Pages that are chunks of their own, loaded when they are first shown.

/** The canvas and what it draws with are a chunk of their own. */
export const schemaPage = async () => ({
  Component: (await import('@renderer/features/schema-canvas/schema-page')).SchemaPage,
})

export const settingsPage = async () => ({
  Component: (await import('@renderer/features/settings/settings-page')).SettingsPage,
})

export const usersPage = async () => ({ Component: (await import('@renderer/features/users/users-page')).UsersPage })
export const sqlPage = async () => ({ Component: (await import('@renderer/features/sql-panel/sql-page')).SqlPage })

/** In the chunk of its page, as what it shows is. */
export const sqlSidebar = async () => ({
  default: (await import('@renderer/features/sql-panel/sql-sidebar')).SqlSidebar,
})

export const apiPage = async () => ({ Component: (await import('@renderer/features/api/api-page')).ApiPage })
