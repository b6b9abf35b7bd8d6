import { themeChoice } from './preferences'

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

/** Keeps <html data-theme> at what is chosen, or at what the system says. */
export function followTheme(): void {
  const apply = () => {
    const choice = themeChoice.read()
    const dark = choice === 'dark' || (choice === 'system' && systemDark.matches)
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }
  apply()
  themeChoice.subscribe(apply)
  systemDark.addEventListener('change', apply)
}
