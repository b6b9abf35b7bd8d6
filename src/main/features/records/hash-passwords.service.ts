import { AppError } from '@shared/app-error'
import { isPasswordHash, isSecretColumn, passwordProblem } from '@shared/domain/secret-column'
import type { JsonObject } from '@shared/json'
import { hashPassword } from '../accounts/password'

/** Each password costs bcrypt a quarter of a second; whoever brings more people brings their hashes. */
const mostPasswords = 100

const column = 'password_hash'

/** The same values, with passwords in the place of hashes hashed. Before the transaction: it takes long. */
export async function hashPasswords(
  tableName: string,
  inputs: readonly JsonObject[],
  cost: number,
): Promise<readonly JsonObject[]> {
  if (!isSecretColumn(tableName, column)) return inputs
  const passwords = inputs.map((input) => passwordOf(input))
  if (passwords.filter((password) => password !== null).length > mostPasswords)
    throw new AppError(
      'VALIDATION',
      `At most ${mostPasswords} passwords are hashed in one call. Send bcrypt hashes, or fewer records.`,
      { details: { column } },
    )
  return Promise.all(
    inputs.map(async (input, index) => {
      const password = passwords[index] ?? null
      return password === null ? input : { ...input, [column]: await hashPassword(password, cost) }
    }),
  )
}

function passwordOf(input: JsonObject): string | null {
  const value = input[column]
  if (typeof value !== 'string' || isPasswordHash(value)) return null
  const reason = passwordProblem(value)
  if (reason === null) return value
  throw new AppError('VALIDATION', `The password for column "${column}" ${reason}. Choose another.`, {
    details: { column, reason },
  })
}
