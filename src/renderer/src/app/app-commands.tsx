import { NewProjectDialog } from '@renderer/features/projects/new-project-dialog'
import { useProjects } from '@renderer/features/projects/use-projects'
import { askFor } from '@renderer/features/schema-canvas/asked-dialog'
import {
  FolderKanban,
  Globe,
  Keyboard,
  LayoutDashboard,
  LayoutTemplate,
  Moon,
  PanelLeft,
  Plus,
  Settings,
  SquareTerminal,
  Sun,
  Table2,
  Users,
  Workflow,
} from 'lucide-react'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { CommandPalette } from './command-palette'
import { type Command, handleShortcut, useCommands } from './commands'
import { useMaybeProject, useTables } from './current-project'
import { layers, useLayer } from './layers'
import { paths } from './paths'
import { themeChoice } from './preferences'
import { ShortcutSheet } from './shortcut-sheet'
import { toggleSidebar } from './sidebar-state'

/** The commands that exist on every page, and what lies over the window. */
export function AppCommands() {
  const navigate = useNavigate()
  const current = useMaybeProject()
  const tables = useTables()
  const { projects } = useProjects()
  const layer = useLayer()

  useEffect(() => {
    window.addEventListener('keydown', handleShortcut)
    return () => window.removeEventListener('keydown', handleShortcut)
  }, [])

  const go = (to: string) => () => void navigate(to)
  const projectId = current?.project.id
  const inProject: readonly Command[] = projectId
    ? [
        {
          id: 'go.overview',
          title: 'Overview',
          group: 'Go to',
          shortcut: 'G O',
          icon: LayoutDashboard,
          run: go(paths.overview(projectId)),
        },
        {
          id: 'go.tables',
          title: 'Tables',
          group: 'Go to',
          shortcut: 'G T',
          icon: Table2,
          run: go(paths.tables(projectId)),
        },
        {
          id: 'go.schema',
          title: 'Schema',
          group: 'Go to',
          shortcut: 'G C',
          icon: Workflow,
          keywords: ['canvas', 'diagram', 'design', 'model'],
          run: go(paths.schema(projectId)),
        },
        {
          id: 'schema.templates',
          title: 'Start from a template',
          group: 'Schema',
          icon: LayoutTemplate,
          keywords: ['gallery', 'example', 'sample'],
          run() {
            askFor('templates')
            void navigate(paths.schema(projectId))
          },
        },
        {
          id: 'go.users',
          title: 'Users',
          group: 'Go to',
          shortcut: 'G U',
          icon: Users,
          keywords: ['people', 'sign-up', 'auth', 'mail'],
          run: go(paths.users(projectId)),
        },
        {
          id: 'go.sql',
          title: 'SQL',
          group: 'Go to',
          shortcut: 'G Q',
          icon: SquareTerminal,
          keywords: ['query', 'editor', 'statement'],
          run: go(paths.sql(projectId)),
        },
        {
          id: 'go.api',
          title: 'API',
          group: 'Go to',
          shortcut: 'G A',
          icon: Globe,
          keywords: ['rest', 'keys', 'rules', 'access', 'requests', 'documentation', 'supabase'],
          run: go(paths.api(projectId)),
        },
        {
          id: 'view.sidebar',
          title: 'Toggle the sidebar',
          group: 'View',
          shortcut: 'Mod+B',
          icon: PanelLeft,
          run: toggleSidebar,
        },
        ...tables.map(
          (table): Command => ({
            id: `table.${table.id}`,
            title: table.table_name,
            group: 'Table',
            icon: Table2,
            run: go(paths.table(projectId, table.table_name)),
          }),
        ),
      ]
    : []
  useCommands([
    ...inProject,
    {
      id: 'go.projects',
      title: 'Projects',
      group: 'Go to',
      shortcut: 'G P',
      icon: FolderKanban,
      run: go(paths.projects),
    },
    {
      id: 'go.settings',
      title: 'Settings',
      group: 'Go to',
      shortcut: 'G S',
      icon: Settings,
      keywords: ['theme', 'account', 'sessions', 'about'],
      run: go(projectId ? paths.projectSettings(projectId) : paths.settings),
    },
    { id: 'project.new', title: 'New project', group: 'Project', icon: Plus, run: () => layers.show('newProject') },
    ...(projects ?? [])
      .filter(({ id }) => id !== projectId)
      .map(
        (project): Command => ({
          id: `project.${project.id}`,
          title: project.name,
          group: 'Project',
          icon: FolderKanban,
          keywords: ['open', 'switch'],
          run: go(paths.overview(project.id)),
        }),
      ),
    { id: 'view.light', title: 'Light theme', group: 'View', icon: Sun, run: () => themeChoice.write('light') },
    { id: 'view.dark', title: 'Dark theme', group: 'View', icon: Moon, run: () => themeChoice.write('dark') },
    {
      id: 'view.system',
      title: 'Theme of the system',
      group: 'View',
      icon: Sun,
      run: () => themeChoice.write('system'),
    },
    {
      id: 'help.palette',
      title: 'Search tables and commands',
      group: 'Help',
      shortcut: 'Mod+K',
      run: () => layers.toggle('palette'),
    },
    {
      id: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Help',
      shortcut: '?',
      icon: Keyboard,
      run: () => layers.show('shortcuts'),
    },
  ])

  return (
    <>
      <CommandPalette open={layer === 'palette'} onClose={layers.close} />
      <ShortcutSheet open={layer === 'shortcuts'} onClose={layers.close} />
      <NewProjectDialog open={layer === 'newProject'} onClose={layers.close} />
    </>
  )
}
