import { Combobox, type ComboboxOption } from '@renderer/ui/combobox'
import { useDeferredValue, useState } from 'react'
import { usePeople } from './use-people'

/** Whom it is about: one of the project's people, found by typing, or one of `others`. */
export function PersonPicker(props: {
  readonly databaseId: string
  readonly others: readonly ComboboxOption[]
  readonly value: string
  readonly onValueChange: (value: string) => void
  readonly className?: string
  readonly 'aria-label'?: string
}) {
  const { databaseId, others, value, onValueChange, ...rest } = props
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<ComboboxOption | null>(null)
  const people = usePeople(databaseId, useDeferredValue(search.trim()))
  const found = people.map(({ id, email }) => ({ value: id, label: email }))
  const named = others.filter(({ label }) => label.toLowerCase().includes(search.trim().toLowerCase()))
  const matching = [...named, ...found]
  const current = [...others, ...(chosen ? [chosen] : [])].find((option) => option.value === value)
  // The one that is chosen stays, whatever is searched: the control is named by it. Enter takes the first that matches.
  const isListed = current === undefined || matching.some((option) => option.value === value)
  const options = isListed ? matching : search === '' ? [current, ...matching] : [...matching, current]
  return (
    <Combobox
      {...rest}
      value={value}
      options={options}
      searchPlaceholder="Search people"
      empty="There is nobody like that."
      onSearch={setSearch}
      onValueChange={(next) => {
        setChosen(options.find((option) => option.value === next) ?? null)
        onValueChange(next)
      }}
    />
  )
}
