import type { ImportResult } from '@shared/contract/transfers.contract'
import { Works } from './works'

/** By the database. */
export const imports = new Works<ImportResult>()
export const exports = new Works<never>()
