/** What the preload gives a desktop page: a way to ask for its port to the host. */
export interface PortSource {
  /** The port arrives as a `message` event of the window, with `portGiven` as its data. */
  requestPort(): void
}

export const portGiven = 'tessera:port-given'
export const portWanted = 'tessera:port-wanted'
