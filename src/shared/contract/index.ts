import { authContract, sessionContract } from './accounts.contract'
import { apiContract } from './api.contract'
import { assistantContract } from './assistant.contract'
import { backupsContract } from './backups.contract'
import { changesContract } from './changes.contract'
import { connectionContract } from './connection.contract'
import { databasesContract } from './databases.contract'
import { endUsersContract } from './end-users.contract'
import { hostContract } from './host.contract'
import { indexesContract } from './indexes.contract'
import { keysContract } from './keys.contract'
import { projectsContract } from './projects.contract'
import { recordsContract } from './records.contract'
import { rulesContract } from './rules.contract'
import { schemaContract } from './schema.contract'
import { serversContract } from './servers.contract'
import { sqlContract } from './sql.contract'
import { sqlPanelContract } from './sql-panel.contract'
import { tablesContract } from './tables.contract'
import { transfersContract } from './transfers.contract'
import { viewsContract } from './views.contract'

/** Everything the studio can be asked: the typed client, the handlers, the HTTP routes and OpenAPI derive from it. */
export const contract = {
  host: hostContract,
  servers: serversContract,
  transfers: transfersContract,
  backups: backupsContract,
  auth: authContract,
  session: sessionContract,
  projects: projectsContract,
  databases: databasesContract,
  tables: tablesContract,
  schema: schemaContract,
  views: viewsContract,
  records: recordsContract,
  indexes: indexesContract,
  changes: changesContract,
  assistant: assistantContract,
  sql: sqlContract,
  sqlPanel: sqlPanelContract,
  connection: connectionContract,
  endUsers: endUsersContract,
  keys: keysContract,
  rules: rulesContract,
  api: apiContract,
}

export type Contract = typeof contract
