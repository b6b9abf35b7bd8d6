/** Shorter ones would take words out of sentences, and are no secret that holds. */
const shortest = 8
/** The oldest are given up first: a session's tokens are made anew again and again. */
const most = 1_000

/** Of the process and not of a studio: what writes down a crash has nothing else to ask. */
let hidden: readonly string[] = []
/** One may be the beginning of another. */
let longestFirst: readonly string[] = []

/** From now on the text is not written to a log, a dialog or the terminal. */
export function hideText(text: string | null): void {
  if (text === null || text.length < shortest || hidden.at(-1) === text) return
  hidden = [...hidden.filter((known) => known !== text), text].slice(-most)
  longestFirst = [...hidden].sort((left, right) => right.length - left.length)
}

/** The text without what is hidden, without bearer tokens, and without passwords in addresses. */
export function withoutHidden(text: string): string {
  let shown = text
  for (const secret of longestFirst) if (shown.includes(secret)) shown = shown.replaceAll(secret, '(not logged)')
  return shown
    .replace(/\b(bearer\s+)[\w.~+/-]{8,}=*/gi, '$1(not logged)')
    .replace(/(\w+:\/\/[^\s:@/"]*):[^\s@/"]*@/g, '$1:***@')
}
