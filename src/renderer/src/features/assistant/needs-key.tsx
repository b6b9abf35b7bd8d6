import { Button } from '@renderer/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { Sparkles } from 'lucide-react'
import { MissingNote } from './missing-note'
import { useAssistant } from './use-assistant'

/** A control of AI where AI lacks something: it says what, once it is pressed. Nothing where AI can be used, or is off. */
export function NeedsKey({ label, ghost = false }: { readonly label: string; readonly ghost?: boolean }) {
  const { state, missing } = useAssistant()
  if (state !== 'missing') return null
  return (
    <Popover>
      <PopoverTrigger>
        <Button icon={Sparkles} {...(ghost ? { variant: 'ghost' } : {})}>
          {label}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label={label} className="w-80 p-3">
        <MissingNote missing={missing} />
      </PopoverContent>
    </Popover>
  )
}
