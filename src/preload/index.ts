import { type PortSource, portGiven, portWanted } from '@shared/handover'
import { contextBridge, ipcRenderer } from 'electron'

/** All that a page can do beyond a browser's: ask for its one port to the studio. */
const source: PortSource = { requestPort: () => ipcRenderer.send(portWanted) }
contextBridge.exposeInMainWorld('tessera', source)

// A port cannot cross the context bridge; it can be posted to the page's own window.
ipcRenderer.on(portGiven, (event) => window.postMessage(portGiven, '/', [...event.ports]))
