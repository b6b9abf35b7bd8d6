import { chartKinds } from '@shared/contract/assistant.contract'
import { type Asking, askModel, type Reading } from '../ask-model'
import { unreadableAnswer } from '../model/model-error'
import { readJsonAnswer } from '../schema/answer-text'
import { isObject, member, textMember, texts } from '../schema/loose'
import type { Told } from './about-sql.service'
import { refuseWithoutSchema, type SqlContext } from './generate-sql.service'
import { plainText } from './read-sql-answer'

export interface Chart {
  readonly kind: (typeof chartKinds)[number]
  readonly x: string
  readonly y: readonly string[]
  readonly title: string
}

const chartSchema = {
  name: 'chart',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'x', 'y', 'title'],
    properties: {
      kind: { type: 'string', enum: [...chartKinds] },
      x: { type: 'string' },
      y: { type: 'array', items: { type: 'string' } },
      title: { type: 'string' },
    },
  },
} as const

/** A picture for a result, by the names and types of its columns; no value of it is sent. */
export async function chartResult(
  asking: Asking,
  {
    columns,
    question,
  }: {
    readonly columns: readonly { readonly name: string; readonly type: string }[]
    readonly question?: string | undefined
  },
  { consent }: Pick<SqlContext, 'consent'>,
): Promise<Told<Chart>> {
  refuseWithoutSchema(consent)
  const names = columns.map(({ name }) => name)
  const messages = [
    {
      role: 'system' as const,
      content: `You choose a chart for a table of results, whose columns you are shown as data.
Answer with one JSON object and nothing else: {"kind": "${chartKinds.join(' | ')}", "x": "column", "y": ["numeric column", ...], "title": "up to eight words"}
Time on x is a line or an area; categories are bars; shares of a whole with few parts a pie; two measures a scatter.`,
    },
    {
      role: 'user' as const,
      content: `${JSON.stringify({ columns })}\n\n${question ?? 'Choose the chart that says most.'}`,
    },
  ]
  const answered = await askModel(
    asking,
    { messages, format: 'json', schema: chartSchema, maxTokens: 300 },
    (text): Reading<Chart | null> => {
      const json = readJsonAnswer(text)
      if (!json.ok || !isObject(json.value)) return { value: null, problems: ['The answer holds no chart.'] }
      const read = json.value
      const kind = chartKinds.find((each) => each === textMember(read, 'kind', 'type'))
      const x = textMember(json.value, 'x', 'category') ?? ''
      const y = texts(member(json.value, 'y', 'values'))
      const unknown = [x, ...y].filter((name) => !names.includes(name))
      if (kind === undefined) return { value: null, problems: ['The answer names no kind of chart.'] }
      if (y.length === 0 || unknown.length > 0)
        return { value: null, problems: [`The result has no column "${(unknown[0] ?? '').slice(0, 60)}".`] }
      return {
        value: { kind, x, y, title: plainText(textMember(json.value, 'title') ?? '').slice(0, 100) },
        problems: [],
      }
    },
  )
  const { value, problems, usage, sent } = answered
  if (value === null) throw unreadableAnswer((problems[0] ?? 'it is empty').replace(/\.$/, ''))
  return { value, usage, sent }
}
