import type { Template } from './template'

export const events: Template = {
  id: 'events',
  name: 'Events',
  sentence: 'Events at venues, kinds of tickets, and who comes.',
  tables: [
    {
      name: 'venues',
      comment: 'Where it takes place',
      columns: `
        name text required unique
        address text required
        seats integer
      `,
      sample: 'id name address seats',
      rows: [
        [1, 'Old tram depot', 'Depot Street 4', 400],
        [2, 'Town library', 'Market Square 1', 80],
      ],
    },
    {
      name: 'events',
      comment: 'What takes place',
      columns: `
        venue_id uuid -> venues empty
        title text required
        starts_at timestamptz required
        ends_at timestamptz
        description text
        is_public boolean required = false
      `,
      sample: 'id venue_id title starts_at ends_at description is_public',
      rows: [
        [
          1,
          1,
          'Night of the makers',
          '2026-09-18T17:00:00Z',
          '2026-09-18T22:00:00Z',
          'Forty tables, one evening.',
          true,
        ],
        [2, 2, 'Reading: winter stories', '2026-11-30T18:30:00Z', null, null, true],
        [3, null, 'Planning meeting', '2026-08-01T08:00:00Z', '2026-08-01T10:00:00Z', null, false],
      ],
    },
    {
      name: 'ticket_types',
      comment: 'What a ticket costs',
      columns: `
        event_id uuid required -> events cascade
        name text required
        price numeric(8,2) required = 0
        available integer required
      `,
      unique: [['event_id', 'name']],
      sample: 'id event_id name price available',
      rows: [
        [1, 1, 'Visitor', '12.00', 350],
        [2, 1, 'Student', '6.00', 50],
        [3, 2, 'Seat', '0', 80],
      ],
    },
    {
      name: 'attendees',
      comment: 'Who comes',
      columns: `
        full_name text required
        email text required unique
      `,
      sample: 'id full_name email',
      rows: [
        [1, 'Rosa Klein', 'rosa@example.org'],
        [2, 'Ali Demir', 'ali@example.org'],
        [3, 'Jo Park', 'jo@example.org'],
      ],
    },
    {
      name: 'tickets',
      comment: 'One ticket',
      columns: `
        ticket_type_id uuid required -> ticket_types
        attendee_id uuid required -> attendees
        code uuid required unique = gen_random_uuid()
        bought_at timestamptz required = now()
        used_at timestamptz
      `,
      sample: 'ticket_type_id attendee_id bought_at used_at',
      rows: [
        [1, 1, '2026-07-01T12:00:00Z', null],
        [2, 2, '2026-07-03T15:20:00Z', null],
        [3, 3, '2026-10-10T09:00:00Z', null],
        [1, 3, '2026-08-20T21:45:00Z', null],
      ],
    },
    {
      name: 'speakers',
      comment: 'Who speaks',
      columns: `
        event_id uuid required -> events cascade
        full_name text required
        topic text
      `,
      sample: 'event_id full_name topic',
      rows: [
        [1, 'Hana Weiss', 'Printing with earth'],
        [2, 'Luc Moreau', 'Stories from the north'],
      ],
    },
  ],
}
