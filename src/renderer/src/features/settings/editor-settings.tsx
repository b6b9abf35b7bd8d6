import {
  editorFontSize,
  editorLineNumbers,
  editorMinimap,
  editorTabSize,
  editorWordWrap,
  runLimits,
} from '@renderer/app/preferences'
import { type Stored, useStored } from '@renderer/app/stored'
import { Switch } from '@renderer/ui/field'
import { formatCount } from '@renderer/ui/figures'
import { Select } from '@renderer/ui/select'
import { Setting, SettingsGroup } from './setting'

const fontSizes = [11, 12, 12.5, 13, 14, 16, 18, 20, 24]
const tabSizes = [2, 3, 4, 8]
const rowLimits = [1_000, 10_000, 100_000, 1_000_000, 5_000_000]
const timeLimits = [5, 15, 30, 60, 120, 300]

/** How SQL is written and run. */
export function EditorSettings() {
  const limits = useStored(runLimits)
  return (
    <SettingsGroup id="editor" title="SQL editor">
      <Setting label="Font size" hint="In pixels.">
        <Choice label="Font size" source={editorFontSize} of={fontSizes} word={(size) => `${size}`} />
      </Setting>
      <Setting label="Tab width">
        <Choice label="Tab width" source={editorTabSize} of={tabSizes} word={(size) => `${size} spaces`} />
      </Setting>
      <Toggle label="Word wrap" hint="Long lines go on below." source={editorWordWrap} />
      <Toggle label="Line numbers" source={editorLineNumbers} />
      <Toggle label="Minimap" hint="The whole text, small, at the right." source={editorMinimap} />
      <Setting label="Rows of a run" hint="A run stops reading there, and says so." keywords="limit sql">
        <Select
          aria-label="Rows of a run"
          className="w-36!"
          value={String(limits.rows)}
          options={choices(rowLimits, limits.rows, (rows) => formatCount(rows))}
          onValueChange={(rows) => runLimits.write({ ...limits, rows: Number(rows) })}
        />
      </Setting>
      <Setting label="Time of a run" hint="A run is cancelled then." keywords="limit timeout sql">
        <Select
          aria-label="Time of a run"
          className="w-36!"
          value={String(limits.seconds)}
          options={choices(timeLimits, limits.seconds, (seconds) => `${seconds} seconds`)}
          onValueChange={(seconds) => runLimits.write({ ...limits, seconds: Number(seconds) })}
        />
      </Setting>
    </SettingsGroup>
  )
}

export function Toggle(props: { readonly label: string; readonly hint?: string; readonly source: Stored<boolean> }) {
  return (
    <Setting label={props.label} hint={props.hint}>
      <Switch aria-label={props.label} checked={useStored(props.source)} onCheckedChange={props.source.write} />
    </Setting>
  )
}

function Choice(props: {
  readonly label: string
  readonly source: Stored<number>
  readonly of: readonly number[]
  readonly word: (value: number) => string
}) {
  const value = useStored(props.source)
  return (
    <Select
      aria-label={props.label}
      className="w-36!"
      value={String(value)}
      options={choices(props.of, value, props.word)}
      onValueChange={(next) => props.source.write(Number(next))}
    />
  )
}

/** With the value that a file may have set. */
function choices(offered: readonly number[], value: number, word: (value: number) => string) {
  const all = offered.includes(value) ? offered : [...offered, value].sort((a, b) => a - b)
  return all.map((one) => ({ value: String(one), label: word(one) }))
}
