import type { Template } from './template'

export const hiring: Template = {
  id: 'hiring',
  name: 'Hiring',
  sentence: 'Open positions, people who apply, interviews and what came of them.',
  tables: [
    {
      name: 'positions',
      comment: 'Who is looked for',
      columns: `
        title text required
        team text required
        is_open boolean required = true
        salary_from numeric(10,2)
        salary_to numeric(10,2)
      `,
      sample: 'id title team is_open salary_from salary_to',
      rows: [
        [1, 'Database engineer', 'Storage', true, '65000', '82000'],
        [2, 'Designer', 'Product', true, '55000', '70000'],
        [3, 'Office lead', 'People', false, null, null],
      ],
    },
    {
      name: 'candidates',
      comment: 'Who applies',
      columns: `
        full_name text required
        email text required unique
        phone text
        links jsonb
      `,
      sample: 'id full_name email phone links',
      rows: [
        [1, 'Mina Haddad', 'mina@example.org', null, { portfolio: 'https://mina.example' }],
        [2, 'Oskar Lind', 'oskar@example.org', '+46 70 555 01', null],
        [3, 'Tara Singh', 'tara@example.org', null, { code: 'https://tara.example/git' }],
      ],
    },
    {
      name: 'applications',
      comment: 'Who applies for what',
      columns: `
        candidate_id uuid required -> candidates cascade
        position_id uuid required -> positions
        stage text required = new
        source text
        applied_on date required = now()
      `,
      unique: [['candidate_id', 'position_id']],
      sample: 'id candidate_id position_id stage source applied_on',
      rows: [
        [1, 3, 1, 'interview', 'referral', '2026-05-03'],
        [2, 1, 2, 'offer', 'web site', '2026-04-21'],
        [3, 2, 1, 'new', null, '2026-06-01'],
      ],
    },
    {
      name: 'interviews',
      comment: 'When they talk',
      columns: `
        application_id uuid required -> applications cascade
        starts_at timestamptz required
        interviewer text required
        score smallint
        notes text
      `,
      sample: 'application_id starts_at interviewer score notes',
      rows: [
        [1, '2026-05-12T08:00:00Z', 'Ida Falk', 4, 'Knows vacuum well.'],
        [2, '2026-05-04T12:00:00Z', 'Ben Okoro', 5, null],
        [1, '2026-06-08T09:00:00Z', 'Chi Nguyen', null, null],
      ],
    },
  ],
}
