/** Made when it is first asked for, and kept. The first format of `Intl` alone takes 40 ms of the start of a page. */
export function whenNeeded<T extends object>(make: () => T): () => T {
  let made: T | null = null
  return () => {
    made ??= make()
    return made
  }
}
