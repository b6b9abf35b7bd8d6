import type { Template } from './template'

export interface TemplateEntry {
  readonly id: string
  readonly name: string
  readonly sentence: string
  readonly load: () => Promise<Template>
}

/** The gallery: names at once, each template when somebody looks at it. */
export const templates: readonly TemplateEntry[] = [
  {
    id: 'blog',
    name: 'Blog',
    sentence: 'Authors, posts with tags, and comments that wait for a look.',
    load: async () => (await import('./blog')).blog,
  },
  {
    id: 'shop',
    name: 'Online shop',
    sentence: 'Products in categories, customers, and orders with their lines.',
    load: async () => (await import('./shop')).shop,
  },
  {
    id: 'crm',
    name: 'Customer relations',
    sentence: 'Companies, people, deals on their way through stages, and what was talked about.',
    load: async () => (await import('./crm')).crm,
  },
  {
    id: 'booking',
    name: 'Booking',
    sentence: 'Rooms, guests, and stays with prices and payments.',
    load: async () => (await import('./booking')).booking,
  },
  {
    id: 'projects',
    name: 'Project management',
    sentence: 'Projects, tasks under tasks, who does them, and the hours they took.',
    load: async () => (await import('./projects')).projects,
  },
  {
    id: 'inventory',
    name: 'Inventory',
    sentence: 'Items, where they lie, who delivers them, and every movement.',
    load: async () => (await import('./inventory')).inventory,
  },
  {
    id: 'learning',
    name: 'Learning',
    sentence: 'Courses with lessons, students, and how far they have come.',
    load: async () => (await import('./learning')).learning,
  },
  {
    id: 'events',
    name: 'Events',
    sentence: 'Events at venues, kinds of tickets, and who comes.',
    load: async () => (await import('./events')).events,
  },
  {
    id: 'helpdesk',
    name: 'Help desk',
    sentence: 'Tickets of customers, the agents who answer, and all messages.',
    load: async () => (await import('./helpdesk')).helpdesk,
  },
  {
    id: 'recipes',
    name: 'Recipes',
    sentence: 'Recipes by their ingredients and steps, with ratings.',
    load: async () => (await import('./recipes')).recipes,
  },
  {
    id: 'social',
    name: 'Social network',
    sentence: 'Profiles that follow each other, posts, comments and likes.',
    load: async () => (await import('./social')).social,
  },
  {
    id: 'invoicing',
    name: 'Invoicing',
    sentence: 'Clients, invoices with their lines and taxes, and payments.',
    load: async () => (await import('./invoicing')).invoicing,
  },
  {
    id: 'library',
    name: 'Library',
    sentence: 'Books by their writers, copies on the shelf, members and loans.',
    load: async () => (await import('./library')).library,
  },
  {
    id: 'hiring',
    name: 'Hiring',
    sentence: 'Open positions, people who apply, interviews and what came of them.',
    load: async () => (await import('./hiring')).hiring,
  },
]
