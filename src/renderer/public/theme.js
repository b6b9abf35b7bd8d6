// Runs before the first paint, so the window never flashes in the other theme. Kept outside the bundle for that.
;(() => {
  let chosen = null
  try {
    chosen = JSON.parse(localStorage.getItem('tessera.theme') ?? 'null')
  } catch {}
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
