import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ReadStaged, StagedPatch } from './staged-record'

/** What Ctrl+Z takes back. Failed operations never get here. */
export type EditStep =
  | { readonly kind: 'staged'; readonly what: string; readonly before: StagedPatch; readonly after: StagedPatch }
  /** Written already: taken back by compensating writes, which are operations themselves. In the order they were done. */
  | { readonly kind: 'saved'; readonly what: string; readonly operations: readonly string[] }
  /** A column that held nothing is gone. Done again it could take what was written since, so there is no redo. */
  | { readonly kind: 'schema'; readonly what: string; readonly back: readonly SchemaEdit[] }

/** Older steps than this are nobody's next wish. */
const kept = 200

export class EditHistory {
  #done: readonly EditStep[] = []
  #undone: readonly EditStep[] = []

  push(step: EditStep): void {
    this.#done = [...this.#done, step].slice(-kept)
    this.#undone = []
  }

  get next(): EditStep | undefined {
    return this.#done.at(-1)
  }

  get nextRedo(): EditStep | undefined {
    return this.#undone.at(-1)
  }

  /** The step that these operations were saved as, if it is still to be taken back. */
  find(operations: readonly string[]): EditStep | undefined {
    return this.#done.find((step) => step.kind === 'saved' && step.operations.every((one) => operations.includes(one)))
  }

  /** The step was taken back; `as` is what doing it again means. */
  undone(step: EditStep, as: EditStep = step): void {
    this.#done = this.#done.filter((other) => other !== step)
    if (as.kind !== 'schema') this.#undone = [...this.#undone, as]
  }

  redone(step: EditStep, as: EditStep = step): void {
    this.#undone = this.#undone.filter((other) => other !== step)
    this.#done = [...this.#done, as].slice(-kept)
  }

  /** What was staged is saved: one step for all of it, named after the edit when it is only one. */
  saved(what: string, operations: readonly string[]): void {
    const staged = this.#done.filter(({ kind }) => kind === 'staged')
    this.#done = [
      ...this.#done.filter(({ kind }) => kind !== 'staged'),
      { kind: 'saved' as const, what: (staged.length === 1 ? staged[0]?.what : undefined) ?? what, operations },
    ].slice(-kept)
    this.#undone = []
  }
}

/** A staged step from what it changes and what is there before. */
export function stagedStep(what: string, read: ReadStaged, after: StagedPatch): EditStep {
  return { kind: 'staged', what, before: new Map([...after.keys()].map((id) => [id, read(id) ?? null])), after }
}
