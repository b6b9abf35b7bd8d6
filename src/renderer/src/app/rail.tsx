import { cn } from '@renderer/ui/cn'
import { expectCodeEditor, warmCodeEditor } from '@renderer/ui/code-editor/code-editor'
import { Tooltip } from '@renderer/ui/tooltip'

import {
  FolderKanban,
  Globe,
  LayoutDashboard,
  type LucideIcon,
  Settings,
  SquareTerminal,
  Table2,
  Users,
  Workflow,
} from 'lucide-react'

import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { useMaybeProject } from './current-project'
import { useOpenTables } from './open-tables'
import { sqlPage, sqlSidebar } from './pages'
import { paths } from './paths'
import { useTablePath } from './use-table-path'
import { whenQuiet } from './when-quiet'

/** The places of the studio; in a project, the project's. */
export function Rail() {
  const current = useMaybeProject()
  return (
    <nav
      aria-label="Places"
      className="flex w-12 shrink-0 flex-col items-center gap-1 border-r border-border bg-bg-subtle py-2"
    >
      {current ? <ProjectPlaces projectId={current.project.id} /> : <StudioPlaces />}
    </nav>
  )
}

function ProjectPlaces({ projectId }: { readonly projectId: string }) {
  const { active } = useOpenTables(projectId)
  const tablePath = useTablePath()
  useEffect(
    () =>
      whenQuiet(() => {
        expectSql()
        warmCodeEditor().catch(() => undefined)
      }),
    [],
  )
  return (
    <>
      <Place to={paths.overview(projectId)} label="Overview" icon={LayoutDashboard} shortcut="G O" />
      <Place
        to={(active && tablePath(active)) ?? paths.tables(projectId)}
        under={paths.tables(projectId)}
        label="Tables"
        icon={Table2}
        shortcut="G T"
      />
      <Place to={paths.schema(projectId)} label="Schema" icon={Workflow} shortcut="G C" />
      <Place to={paths.sql(projectId)} label="SQL" icon={SquareTerminal} shortcut="G Q" onApproach={expectSql} />
      <Place to={paths.users(projectId)} label="Users" icon={Users} shortcut="G U" />
      <Place to={paths.api(projectId)} label="API" icon={Globe} shortcut="G A" />
      <div className="flex-1" />
      <Place to={paths.projectSettings(projectId)} label="Settings" icon={Settings} shortcut="G S" />
    </>
  )
}

/** The SQL panel may be next: it is large, and opens at once when it is here already. */
function expectSql(): void {
  expectCodeEditor()
  // Who opens it then asks once more, and tells what is wrong.
  for (const load of [sqlPage, sqlSidebar]) load().catch(() => undefined)
}

function StudioPlaces() {
  return (
    <>
      <Place to={paths.projects} label="Projects" icon={FolderKanban} shortcut="G P" />
      <div className="flex-1" />
      <Place to={paths.settings} label="Settings" icon={Settings} shortcut="G S" />
    </>
  )
}

function Place(props: {
  readonly to: string
  /** Counts as here on every path below this one. */
  readonly under?: string
  readonly label: string
  readonly icon: LucideIcon
  readonly shortcut: string
  /** The pointer or the focus is on it, so that it may be pressed next. */
  readonly onApproach?: () => void
}) {
  const Icon = props.icon
  const here = useLocation().pathname.startsWith(props.under ?? props.to)
  return (
    <Tooltip content={props.label} shortcut={props.shortcut} side="right">
      <Link
        to={props.to}
        aria-label={props.label}
        aria-current={here ? 'page' : undefined}
        onPointerEnter={props.onApproach}
        onFocus={props.onApproach}
        className={cn(
          'relative flex size-9 items-center justify-center rounded-md transition-colors',
          here ? 'bg-bg-active text-text' : 'text-text-muted hover:bg-bg-hover hover:text-text',
        )}
      >
        <Icon aria-hidden strokeWidth={here ? 2 : 1.75} className="size-4.5" />
      </Link>
    </Tooltip>
  )
}
