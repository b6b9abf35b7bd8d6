import { AppError } from '@shared/app-error'
import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue, textProblem } from '@shared/domain/text-problem'

const longestPath = 50

/** VALIDATION unless `path`, written as `name` (`meta.a.b`), can be followed into the column. */
export function checkPath(column: ColumnSchema, name: string, path: readonly string[]): void {
  const type = typeOf(column)
  const details = { column: column.name }
  if (type.base !== 'jsonb' || type.array)
    throw new AppError(
      'VALIDATION',
      `Column "${column.name}" is ${column.type}; only jsonb has paths like ${showValue(name)}.`,
      { details },
    )
  if (path.length > longestPath || path.includes('') || textProblem(name))
    throw new AppError('VALIDATION', `${showValue(name)} is not a path. A path is like "${column.name}.a.b".`, {
      details,
    })
}
