import type { TableSchema } from '@shared/domain/table-schema'
import { type AssistantAsk, type AssistantService, openAssistant } from './assistant.service'
import { generateTable } from './schema/generate-schema.service'

/** A table from words, for the call that makes one. It makes nothing itself. */
export type DescribeTable = (ask: AssistantAsk, description: string) => Promise<TableSchema>

export function describeTable(service: AssistantService): DescribeTable {
  return async (ask, description) => {
    const opened = await openAssistant(service, ask)
    return generateTable(opened.asking, description, opened)
  }
}
