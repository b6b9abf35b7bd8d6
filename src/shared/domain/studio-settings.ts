import { z } from 'zod'

/** What `settings.json` may say, and the pages of the settings write. Everything may be left out. */
export const studioSettings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  gridDensity: z.enum(['compact', 'normal', 'tall']),
  saveAutomatically: z.boolean(),
  summaryShown: z.boolean(),
  /** Pixels. */
  editorFontSize: z.number().min(8).max(32),
  /** Spaces. */
  editorTabSize: z.int().min(1).max(8),
  editorWordWrap: z.boolean(),
  editorMinimap: z.boolean(),
  editorLineNumbers: z.boolean(),
  /** Most rows and seconds of a run in the SQL panel. */
  sqlLimits: z.object({ rows: z.int().min(1).max(5_000_000), seconds: z.int().min(1).max(300) }),
  /** By the command's id: its keys, or null for none. */
  shortcuts: z.record(z.string().max(200), z.string().max(40).nullable()),
})
export type StudioSettings = z.infer<typeof studioSettings>
export type SettingName = keyof StudioSettings

export const someSettings = studioSettings.partial()
export type SomeSettings = z.infer<typeof someSettings>
