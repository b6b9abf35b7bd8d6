import type { EditEffect } from '@shared/contract/tables.contract'
import { wireEdit } from '@shared/contract/wire-schema'
import type { PlannedEdit } from './plan-edits'

/** The effect's sentence without what only a program can do about it. */
export function effectSentence(effect: EditEffect): string {
  return effect.sentence.replace(/\. Allow that with "unfit": "null", or correct (it|them) first\.$/, '.')
}

/** Values go away for good, or would. */
export function losesValues(effect: EditEffect): boolean {
  return (effect.edit.type === 'dropColumn' || effect.edit.type === 'changeType') && effect.affected > 0
}

/** A person can let the values that do not fit become NULL. */
export function offersNull(effect: EditEffect): boolean {
  if (effect.edit.type !== 'changeType' || effect.affected === 0) return false
  return effect.edit.unfit === 'null' || effectSentence(effect) !== effect.sentence
}

/** As the call takes them: its arrays are not readonly. */
export function sentEdits(edits: readonly PlannedEdit[]): EditEffect['edit'][] {
  return edits.map(({ edit }) => wireEdit(edit))
}
