import { oc } from '@orpc/contract'
import { z } from 'zod'
import { type ErrorCode, errorStatus } from '../app-error'

const details = z.unknown()

type ErrorMap = { [Code in ErrorCode]: { status: number; data: typeof details } }

const errors = Object.fromEntries(
  Object.entries(errorStatus).map(([code, status]) => [code, { status, data: details }]),
) as ErrorMap

/** Every procedure can fail with any of the codes of `app-error.ts`, and with no other. */
export const procedure = oc.errors(errors)
