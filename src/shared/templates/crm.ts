import type { Template } from './template'

export const crm: Template = {
  id: 'crm',
  name: 'Customer relations',
  sentence: 'Companies, people, deals on their way through stages, and what was talked about.',
  tables: [
    {
      name: 'companies',
      comment: 'Who we sell to',
      columns: `
        name text required unique
        website text
        industry text
        employees integer
      `,
      sample: 'id name website industry employees',
      rows: [
        [1, 'Northwind Paper', 'https://northwind.example', 'Paper', 240],
        [2, 'Blue Harbour', 'https://harbour.example', 'Logistics', 1200],
        [3, 'Kiln & Co', 'https://kiln.example', 'Ceramics', 18],
      ],
    },
    {
      name: 'contacts',
      comment: 'People at companies',
      columns: `
        company_id uuid -> companies empty
        full_name text required
        email text unique
        phone text
        role text
      `,
      sample: 'id company_id full_name email phone role',
      rows: [
        [1, 1, 'Greta Holm', 'greta@northwind.example', '+46 8 555 010', 'Buyer'],
        [2, 2, 'Omar Said', 'omar@harbour.example', '+49 40 555 020', 'Head of IT'],
        [3, 2, 'Lena Vogt', 'lena@harbour.example', null, 'Assistant'],
        [4, 3, 'Sam Kiln', 'sam@kiln.example', null, 'Owner'],
      ],
    },
    {
      name: 'stages',
      comment: 'The way a deal goes',
      columns: `
        name text required unique
        place integer required unique
        chance integer required
      `,
      sample: 'id name place chance',
      rows: [
        [1, 'Lead', 1, 10],
        [2, 'Talking', 2, 30],
        [3, 'Offer sent', 3, 60],
        [4, 'Won', 4, 100],
        [5, 'Lost', 5, 0],
      ],
    },
    {
      name: 'deals',
      comment: 'What we want to sell',
      columns: `
        company_id uuid required -> companies
        stage_id uuid required -> stages
        title text required
        value numeric(12,2) required = 0
        closes_on date
      `,
      sample: 'id company_id stage_id title value closes_on',
      rows: [
        [1, 1, 3, 'Paper for 2027', '48000.00', '2026-12-15'],
        [2, 2, 2, 'Tracking of containers', '125000.00', '2027-02-01'],
        [3, 3, 4, 'Web shop', '9500.00', '2026-04-30'],
        [4, 2, 5, 'Chat for drivers', '30000.00', '2026-03-31'],
      ],
    },
    {
      name: 'activities',
      comment: 'Calls, mails and meetings',
      columns: `
        deal_id uuid -> deals cascade
        contact_id uuid -> contacts empty
        kind text required
        happened_at timestamptz required = now()
        summary text required
      `,
      sample: 'deal_id contact_id kind happened_at summary',
      rows: [
        [1, 1, 'call', '2026-06-01T09:00:00Z', 'Wants a price for recycled paper too.'],
        [1, 1, 'mail', '2026-06-03T14:20:00Z', 'Sent the offer.'],
        [2, 2, 'meeting', '2026-05-28T13:00:00Z', 'Showed the map to the team.'],
        [3, 4, 'call', '2026-04-29T10:00:00Z', 'Signed.'],
      ],
    },
  ],
}
