import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { MapPinOff } from 'lucide-react'
import { Link } from 'react-router'
import { paths } from './paths'

export function MissingPage() {
  return (
    <EmptyState
      icon={MapPinOff}
      title="There is no page at this address"
      page
      action={
        <Button asChild>
          <Link to={paths.projects}>Show all projects</Link>
        </Button>
      }
    >
      It may have been moved or deleted, or the address has a mistake in it.
    </EmptyState>
  )
}
