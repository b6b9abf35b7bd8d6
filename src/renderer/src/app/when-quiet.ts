/** Milliseconds without a key, a click, a turn of the wheel or a move after which nobody is at work just now. */
const quiet = 1_500

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/** Does `work` once, when the person rests and the page has nothing else to do. What is returned calls it off. */
export function whenQuiet(work: () => void): () => void {
  let idle = 0
  let timer = setTimeout(waitForIdle, quiet)
  function waitForIdle() {
    idle = requestIdleCallback(() => {
      end()
      work()
    })
  }
  function again() {
    cancelIdleCallback(idle)
    clearTimeout(timer)
    timer = setTimeout(waitForIdle, quiet)
  }
  function end() {
    cancelIdleCallback(idle)
    clearTimeout(timer)
    for (const sign of signs) removeEventListener(sign, again, { capture: true })
  }
  for (const sign of signs) addEventListener(sign, again, { capture: true, passive: true })
  return end
}
