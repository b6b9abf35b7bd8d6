import type { JsonValue } from '@shared/json'
import { entries, isObject, type LooseObject, member, textMember } from './loose'
import { editKind } from './read-edit'
import { type LooseSamples, readSamples } from './samples'

/** What an answer holds, in whichever of its forms it came. */
export interface AnswerParts {
  readonly tables: readonly JsonValue[]
  readonly edits: readonly JsonValue[]
  readonly samples: readonly LooseSamples[]
  readonly reply: string
  readonly isAnswer: boolean
}

/** Total: whatever comes, it answers. */
export function partsOf(value: JsonValue): AnswerParts {
  if (Array.isArray(value)) {
    const isEdits = value.some((each: JsonValue) => editKind(each) !== null)
    return {
      tables: isEdits ? [] : value,
      edits: isEdits ? value : [],
      samples: [],
      reply: '',
      isAnswer: value.length > 0,
    }
  }
  if (!isObject(value)) return { tables: [], edits: [], samples: [], reply: '', isAnswer: false }
  const reply = (textMember(value, 'reply', 'summary', 'message', 'explanation', 'notes') ?? '').slice(0, 4_000)
  const [tables, edits] = [member(value, 'tables', 'new_tables'), member(value, 'edits', 'changes', 'operations')]
  if (tables === undefined && edits === undefined) {
    const inner = member(value, 'schema', 'database', 'data', 'result', 'answer', 'draft')
    if (inner !== undefined && typeof inner === 'object')
      return { ...partsOf(inner), ...(reply === '' ? {} : { reply }) }
    if (editKind(value) !== null) return { tables: [], edits: [value], samples: [], reply, isAnswer: true }
    const isTable = isBareTable(value)
    return { tables: isTable ? [value] : [], edits: [], samples: [], reply, isAnswer: isTable || reply !== '' }
  }
  return {
    tables: entries(tables),
    edits: Array.isArray(edits) ? edits : isObject(edits) ? [edits] : [],
    samples: readSamples(member(value, 'samples', 'sample_records', 'sample_data')),
    reply,
    isAnswer: reply !== '' || entries(tables).length > 0 || (Array.isArray(edits) && edits.length > 0),
  }
}

function isBareTable(value: LooseObject): boolean {
  return member(value, 'columns', 'fields') !== undefined || isObject(member(value, 'table'))
}
