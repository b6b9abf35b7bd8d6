import { type SqlQuery, sql } from '../../db/sql'

/** Of a project; older ones go. */
const mostMails = 200

export interface MailRow {
  readonly id: string
  readonly at: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly delivered_at: string | null
  readonly problem: string | null
}

export function insertMailSql(
  projectId: string,
  mail: { readonly recipient: string; readonly subject: string; readonly body: string },
): SqlQuery {
  return sql`with old as (
      delete from studio.mails m where m.project_id = ${projectId} and m.id in (
        select id from studio.mails where project_id = ${projectId} order by at desc offset ${mostMails - 1})
    )
    insert into studio.mails (project_id, recipient, subject, body)
    values (${projectId}, ${mail.recipient}, ${mail.subject}, ${mail.body}) returning id`
}

export function settleMailSql(projectId: string, id: string, problem: string | null): SqlQuery {
  return sql`update studio.mails set problem = ${problem},
      delivered_at = case when ${problem}::text is null then clock_timestamp() end
    where project_id = ${projectId} and id = ${id}`
}

export function listMailsSql(projectId: string): SqlQuery {
  return sql`select id, at, recipient, subject, body, delivered_at, problem from studio.mails
    where project_id = ${projectId} order by at desc, id limit ${mostMails}`
}

export function projectNameSql(projectId: string): SqlQuery {
  return sql`select name from studio.projects where id = ${projectId}`
}
