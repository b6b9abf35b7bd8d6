// biome-ignore-all lint/suspicious/noTemplateCurlyInString: places to fill in, as Monaco writes them

/** Postgres' reserved words: no names unless they are quoted (appendix C of its manual). */
export const reservedWords: ReadonlySet<string> = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
)

/** What is offered while a statement is written; phrases as one. */
export const keywords: readonly string[] =
  'select;from;where;join;left join;right join;full join;inner join;cross join;on;using;group by;order by;having;limit;offset;distinct;distinct on;as;and;or;not;in;is null;is not null;like;ilike;between;exists;case;when;then;else;end;asc;desc;nulls first;nulls last;union;union all;intersect;except;with;with recursive;insert into;values;update;set;delete from;returning;on conflict;do nothing;do update set;merge into;explain;explain analyze;null;true;false;interval;cast;filter;over;partition by;rows between;window;for update;begin;commit;rollback;create table;alter table;drop table;truncate;current_date;current_timestamp;lateral;default;any;all'.split(
    ';',
  )

export const snippets = [
  { label: 'sel', detail: 'select rows', insert: 'select ${2:*} from ${1:table} limit 100' },
  { label: 'selw', detail: 'select where', insert: 'select ${2:*}\nfrom ${1:table}\nwhere ${3:condition}' },
  {
    label: 'selg',
    detail: 'count by group',
    insert: 'select ${2:column}, count(*)\nfrom ${1:table}\ngroup by ${2:column}\norder by count(*) desc',
  },
  {
    label: 'ins',
    detail: 'insert a record',
    insert: 'insert into ${1:table} (${2:columns})\nvalues (${3:values})\nreturning *',
  },
  {
    label: 'upd',
    detail: 'update records',
    insert: 'update ${1:table}\nset ${2:column} = ${3:value}\nwhere ${4:condition}\nreturning *',
  },
  { label: 'del', detail: 'delete records', insert: 'delete from ${1:table}\nwhere ${2:condition}\nreturning *' },
  { label: 'cte', detail: 'with a query', insert: 'with ${1:name} as (\n  ${2:select}\n)\nselect * from ${1:name}' },
  {
    label: 'ups',
    detail: 'insert or update',
    insert:
      'insert into ${1:table} (${2:key}, ${3:column})\nvalues (${4:values})\non conflict (${2:key}) do update set ${3:column} = excluded.${3:column}',
  },
  { label: 'case', detail: 'case expression', insert: 'case when ${1:condition} then ${2:value} else ${3:other} end' },
] as const
