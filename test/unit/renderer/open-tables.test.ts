import { beforeEach, expect, test, vi } from 'vitest'

const project = 'p'

async function openTables() {
  vi.resetModules()
  return import('@renderer/app/open-tables')
}

function savedTabs(): unknown {
  return JSON.parse(localStorage.getItem('tessera.tabs') ?? '{}')
}

beforeEach(() => {
  const items = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  })
  vi.stubGlobal('window', { addEventListener: () => undefined })
})

test('a table that is not kept gives its tab to the next', async () => {
  const tabs = await openTables()
  tabs.showTable(project, 'a')
  tabs.showTable(project, 'b')
  expect(savedTabs()).toEqual({ p: { open: [{ id: 'b', kept: false }], closed: [], active: 'b' } })
  tabs.keepTable(project, 'b')
  tabs.showTable(project, 'c')
  expect(savedTabs()).toMatchObject({
    p: {
      open: [
        { id: 'b', kept: true },
        { id: 'c', kept: false },
      ],
      active: 'c',
    },
  })
})

test('closing the front tab shows its neighbour; the last closed comes back first', async () => {
  const tabs = await openTables()
  for (const id of ['a', 'b', 'c']) tabs.keepTable(project, id)
  tabs.showTable(project, 'b')
  expect(tabs.closeTable(project, 'b')).toBe('c')
  expect(tabs.closeTable(project, 'c')).toBe('a')
  expect(tabs.closeTable(project, 'a')).toBeNull()
  expect(tabs.reopenTable(project, () => true)).toBe('a')
  expect(tabs.reopenTable(project, (id) => id !== 'c')).toBe('b')
})

test('tabs survive a restart, and those of deleted tables go', async () => {
  const before = await openTables()
  before.keepTable(project, 'a')
  before.keepTable(project, 'b')
  before.showTable(project, 'b')
  const after = await openTables()
  after.keepExisting(project, (id) => id === 'a')
  expect(savedTabs()).toEqual({ p: { open: [{ id: 'a', kept: true }], closed: [], active: null } })
})

test('what another version stored in another shape counts as nothing', async () => {
  localStorage.setItem('tessera.tabs', '{"p": ["a"]}')
  const tabs = await openTables()
  tabs.showTable(project, 'a')
  expect(savedTabs()).toEqual({ p: { open: [{ id: 'a', kept: false }], closed: [], active: 'a' } })
})
