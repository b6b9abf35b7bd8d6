import type { World } from './two-tenants'

/** Each table, with its schema, and the condition that finds the victim's rows, and what an intruder would write there. */
export interface Target {
  readonly table: string
  readonly theirs: string
  readonly write: string
  readonly insert: string
}

export function targets(victim: World, intruder: World): readonly Target[] {
  const { projectId, databaseId, plansTableId, recordId, sessionId, operation } = victim
  const { userId } = victim.tenant
  const project = `project_id = '${projectId}'`
  return [
    {
      table: 'studio.users',
      theirs: `id = '${userId}'`,
      write: "email = 'taken@example.org'",
      insert: "insert into studio.users (email, password_hash) values ('planted@example.org', 'x')",
    },
    {
      table: 'studio.projects',
      theirs: `id = '${projectId}'`,
      write: `user_id = '${intruder.tenant.userId}'`,
      insert: `insert into studio.projects (user_id, name) values ('${userId}', 'planted')`,
    },
    {
      table: 'studio.project_databases',
      theirs: `id = '${databaseId}'`,
      write: `project_id = '${intruder.projectId}'`,
      insert: `insert into studio.project_databases (project_id, ref) values ('${projectId}', 'planted')`,
    },
    {
      table: 'studio.project_tables',
      theirs: `id = '${plansTableId}'`,
      write: `project_id = '${intruder.projectId}'`,
      insert: `insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
        values ('${projectId}', '${databaseId}', 'planted', '{}', '{}')`,
    },
    {
      table: 'studio.project_data',
      theirs: `table_id = '${plansTableId}'`,
      write: `data = '{}'`,
      insert: `insert into studio.project_data (project_id, table_id, id, data)
        values ('${projectId}', '${plansTableId}', gen_random_uuid(), '{}')`,
    },
    {
      table: 'studio.sessions',
      theirs: `family_id = '${sessionId}'`,
      write: 'revoked_at = now()',
      insert: `insert into studio.sessions (user_id, family_id, token_hash, expires_at)
        values ('${userId}', '${sessionId}', '\\x00', now() + interval '1 day')`,
    },
    {
      table: 'studio.audit',
      theirs: project,
      write: "sentence = 'nothing happened'",
      insert: `insert into studio.audit (project_id, actor, action, sentence)
        values ('${projectId}', 'x', 'x', 'planted ${recordId}')`,
    },
    {
      table: 'studio.account_audit',
      theirs: `user_id = '${userId}'`,
      write: "action = 'nothing'",
      insert: `insert into studio.account_audit (user_id, action) values ('${userId}', 'planted')`,
    },
    {
      table: 'studio.project_keys',
      theirs: project,
      write: `record_id = '${intruder.recordId}'`,
      insert: `insert into studio.project_keys (project_id, table_id, rule, value, record_id)
        values ('${projectId}', '${plansTableId}', 'planted', 'x', '${recordId}')`,
    },
    {
      table: 'studio.changes',
      theirs: `operation = '${operation}'`,
      write: "actor = 'nobody'",
      insert: `insert into studio.changes (project_id, operation, table_id, record_id, op, actor)
        values ('${projectId}', '${operation}', '${plansTableId}', '${recordId}', 'update', 'planted')`,
    },
    {
      table: 'studio.changes_other',
      theirs: project,
      write: "actor = 'nobody'",
      insert: `insert into studio.changes_other (project_id, operation, table_id, op, actor)
        values ('${projectId}', '${operation}', '${plansTableId}', 'update', 'planted')`,
    },
    {
      table: 'studio.sql_logins',
      theirs: project,
      write: 'generation = generation + 1',
      insert: `insert into studio.sql_logins (project_id, database_id, kind, role_name, schema_name)
        values ('${projectId}', '${databaseId}', 'runner', 'planted', '${victim.schema}')`,
    },
    {
      table: 'studio.table_moves',
      theirs: project,
      write: 'owner = null',
      insert: `insert into studio.table_moves (project_id, table_id, target)
        values ('${projectId}', '${victim.dedicatedTableId}', 'shared')`,
    },
    {
      table: 'studio.table_indexes',
      theirs: project,
      write: "members = '[]'",
      insert: `insert into studio.table_indexes (project_id, table_id, members)
        values ('${projectId}', '${plansTableId}', '[]')`,
    },
    {
      table: 'studio.saved_views',
      theirs: project,
      write: "name = 'taken'",
      insert: `insert into studio.saved_views (project_id, table_id, name, definition)
        values ('${projectId}', '${plansTableId}', 'planted', '{}')`,
    },
    {
      table: 'studio.schema_versions',
      theirs: project,
      write: "name = 'taken'",
      insert: `insert into studio.schema_versions (project_id, database_id, number, sentence, actor, edits)
        values ('${projectId}', '${databaseId}', 9999, 'planted', 'planted', '[]')`,
    },
    {
      table: 'studio.schema_version_tables',
      theirs: project,
      write: "schema = '{}'",
      insert: `insert into studio.schema_version_tables (project_id, database_id, table_id, number, since, schema)
        values ('${projectId}', '${databaseId}', gen_random_uuid(), 1, now(), '{}')`,
    },
    {
      table: 'studio.canvas_layouts',
      theirs: project,
      write: 'revision = 99',
      insert: `insert into studio.canvas_layouts (project_id, database_id, revision, layout)
        values ('${projectId}', '${databaseId}', 1, '{}')`,
    },
    {
      table: 'studio.api_keys',
      theirs: project,
      write: 'revoked_at = now()',
      insert: `insert into studio.api_keys (project_id, name, kind, prefix, key_hash, made_by)
        values ('${projectId}', 'planted', 'secret', 'x', 'x', 'x')`,
    },
    {
      table: 'studio.access_rules',
      theirs: project,
      write: "rules = '{}'",
      insert: `insert into studio.access_rules (project_id, table_id, rules)
        values ('${projectId}', '${victim.usersTableId}', '{}')`,
    },
    {
      table: 'studio.sql_runs',
      theirs: project,
      write: "error = 'taken'",
      insert: `insert into studio.sql_runs (project_id, account_id, text, outcome, statements)
        values ('${projectId}', '${userId}', 'planted', 'done', 1)`,
    },
    {
      table: 'studio.sql_drafts',
      theirs: project,
      write: "text = 'taken'",
      insert: `insert into studio.sql_drafts (project_id, account_id, id, place, name, text, results, edited_at)
        values ('${projectId}', '${userId}', '${recordId}', 0, 'planted', '', '{}', 0)`,
    },
    {
      table: 'studio.saved_queries',
      theirs: project,
      write: "name = 'taken'",
      insert: `insert into studio.saved_queries (project_id, account_id, folder, name, text)
        values ('${projectId}', '${userId}', '', 'planted', '')`,
    },
    {
      table: 'studio.observed_queries',
      theirs: project,
      write: 'count = 0',
      insert: `insert into studio.observed_queries (project_id, table_id, day, shape, count)
        values ('${projectId}', '${plansTableId}', now(), '{"planted": 1}', 1)`,
    },
    ...[`studio_rows.${victim.relation}`, `studio_data.${victim.relation}`].map((table) => ({
      table,
      theirs: `_id = '${victim.dedicatedRecordId}'`,
      write: '_revision = 99',
      insert: `insert into ${table} (_id) values (gen_random_uuid())`,
    })),
    ...['plans', 'invoices'].map((name) => ({
      table: `${victim.schema}.${name}`,
      theirs: `id = '${name === 'plans' ? recordId : victim.dedicatedRecordId}'`,
      write: "title = 'taken'",
      insert: `insert into ${victim.schema}.${name} (title) values ('planted')`,
    })),
  ]
}
