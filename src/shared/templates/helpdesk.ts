import type { Template } from './template'

export const helpdesk: Template = {
  id: 'helpdesk',
  name: 'Help desk',
  sentence: 'Tickets of customers, the agents who answer, and all messages.',
  tables: [
    {
      name: 'customers',
      comment: 'Who asks',
      columns: `
        full_name text required
        email text required unique
        company text
      `,
      sample: 'id full_name email company',
      rows: [
        [1, 'Tina Roth', 'tina@example.org', 'Roth Ltd'],
        [2, 'Marco Bianchi', 'marco@example.org', null],
        [3, 'Wei Chen', 'wei@example.org', 'Chen Imports'],
      ],
    },
    {
      name: 'agents',
      comment: 'Who answers',
      columns: `
        full_name text required
        email text required unique
        is_active boolean required = true
      `,
      sample: 'id full_name email is_active',
      rows: [
        [1, 'Sofie Jensen', 'sofie@example.org', true],
        [2, 'Pat Murphy', 'pat@example.org', true],
      ],
    },
    {
      name: 'tickets',
      comment: 'One question',
      columns: `
        customer_id uuid required -> customers
        agent_id uuid -> agents empty
        subject text required
        status text required = open
        priority text required = normal
        due_at timestamptz
      `,
      sample: 'id customer_id agent_id subject status priority due_at',
      rows: [
        [1, 1, 1, 'Invoice shows the wrong address', 'waiting', 'normal', null],
        [2, 2, null, 'Cannot sign in', 'open', 'high', '2026-06-02T12:00:00Z'],
        [3, 3, 2, 'How do I export everything', 'closed', 'low', null],
      ],
    },
    {
      name: 'messages',
      comment: 'What was written',
      columns: `
        ticket_id uuid required -> tickets cascade
        from_customer boolean required
        body text required
        sent_at timestamptz required = now()
      `,
      sample: 'ticket_id from_customer body sent_at',
      rows: [
        [1, true, 'We moved in March.', '2026-05-30T09:00:00Z'],
        [1, false, 'Thank you. Is it Mill Lane 9 now?', '2026-05-30T09:20:00Z'],
        [2, true, 'The code never arrives.', '2026-06-01T22:10:00Z'],
        [3, true, 'Is there one button for it?', '2026-05-12T08:00:00Z'],
        [3, false, 'Yes: under Settings.', '2026-05-12T08:30:00Z'],
      ],
    },
    {
      name: 'articles',
      comment: 'Answers that are asked for often',
      columns: `
        title text required unique
        body text required
        views integer required = 0
      `,
      sample: 'title body views',
      rows: [
        ['How to export', 'Open Settings and choose Export.', 312],
        ['When the code does not arrive', 'Look into the spam folder first.', 98],
      ],
    },
  ],
}
