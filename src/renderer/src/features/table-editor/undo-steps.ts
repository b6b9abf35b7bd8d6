/** What Ctrl+Z takes back, newest last. Failed operations never get here. */
export interface UndoStep {
  /** "Edit of email": read out after it was undone. */
  readonly what: string
  readonly undo: () => Promise<void>
}

/** Older steps than this are nobody's next wish. */
const kept = 100

export class UndoSteps {
  #steps: readonly UndoStep[] = []
  #running = false

  push(step: UndoStep): void {
    this.#steps = [...this.#steps, step].slice(-kept)
  }

  /** Takes a step back; null when there is none, or one is still on its way. A step that fails is kept. */
  async undo(): Promise<UndoStep | null> {
    const step = this.#steps.at(-1)
    if (!step || this.#running) return null
    await this.#run(step)
    return step
  }

  /** The same for one step, from its toast. */
  async undoStep(step: UndoStep): Promise<void> {
    if (this.#steps.includes(step) && !this.#running) await this.#run(step)
  }

  async #run(step: UndoStep): Promise<void> {
    this.#running = true
    try {
      await step.undo()
      this.#steps = this.#steps.filter((other) => other !== step)
    } finally {
      this.#running = false
    }
  }
}
