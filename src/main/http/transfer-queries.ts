import { exportFormats, fileFormats } from '@shared/contract/transfers.contract'
import { namePattern } from '@shared/domain/table-schema'
import { z } from 'zod'

const name = z.string().regex(namePattern, 'Use lower-case letters, digits and underscores.')

export const exportQuery = z.strictObject({
  format: z.enum(exportFormats, `Choose a format: ${exportFormats.join(', ')}.`),
  table: name.optional().describe('Only this table. Without it, all of them: as one file, or as a zip of files.'),
})

export const importQuery = z.strictObject({
  format: z.enum(fileFormats, `Choose a format: ${fileFormats.join(', ')}.`),
  table: name
    .optional()
    .describe('Made when there is none of this name. A SQL file brings its own tables, and takes none.'),
  mode: z.enum(['append', 'upsert', 'replace']).default('append'),
  key: z.string().max(2000).optional().describe('Of an upsert: the columns that tell records apart, commas between.'),
  on_error: z
    .enum(['skip', 'stop'])
    .default('skip')
    .describe('Whether wrong records are left out and told, or nothing is imported.'),
  delimiter: z.string().length(1).optional().describe('Of CSV; found out when it is left out.'),
  encoding: z.string().max(40).optional(),
  header: z.enum(['true', 'false']).optional().describe('Whether the first row names the columns.'),
  sheet: z.string().max(200).optional().describe('Of a workbook; the first when it is left out.'),
})
