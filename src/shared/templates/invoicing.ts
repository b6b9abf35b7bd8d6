import type { Template } from './template'

export const invoicing: Template = {
  id: 'invoicing',
  name: 'Invoicing',
  sentence: 'Clients, invoices with their lines and taxes, and payments.',
  tables: [
    {
      name: 'clients',
      comment: 'Who is billed',
      columns: `
        name text required
        email text
        address text required
        tax_number text unique
      `,
      sample: 'id name email address tax_number',
      rows: [
        [1, 'Harbour Cafe', 'cafe@example.org', 'Quay 3, 20457 Hamburg', 'DE123456789'],
        [2, 'Studio Vent', null, 'Rue Basse 12, 69002 Lyon', 'FR40303265045'],
      ],
    },
    {
      name: 'tax_rates',
      comment: 'What is added',
      columns: `
        name text required unique
        percent numeric(5,2) required
      `,
      sample: 'id name percent',
      rows: [
        [1, 'Standard', '19.00'],
        [2, 'Reduced', '7.00'],
        [3, 'None', '0.00'],
      ],
    },
    {
      name: 'invoices',
      comment: 'One bill',
      columns: `
        client_id uuid required -> clients
        number varchar(20) required unique
        issued_on date required
        due_on date required
        status text required = draft
        currency varchar(3) required = EUR
        note text
      `,
      sample: 'id client_id number issued_on due_on status currency note',
      rows: [
        [1, 1, '2026-001', '2026-04-01', '2026-04-15', 'paid', 'EUR', null],
        [2, 1, '2026-002', '2026-05-01', '2026-05-15', 'sent', 'EUR', 'Thank you for the coffee'],
        [3, 2, '2026-003', '2026-05-20', '2026-06-20', 'draft', 'EUR', null],
      ],
    },
    {
      name: 'invoice_lines',
      comment: 'What is billed',
      columns: `
        invoice_id uuid required -> invoices cascade
        tax_rate_id uuid required -> tax_rates
        description text required
        quantity numeric(10,2) required = 1
        unit_price numeric(12,2) required
      `,
      sample: 'invoice_id tax_rate_id description quantity unit_price',
      rows: [
        [1, 1, 'Repair of the grinder', '1', '180.00'],
        [1, 1, 'Travel', '2', '35.00'],
        [2, 1, 'Maintenance, April', '1', '90.00'],
        [3, 3, 'Design of a poster', '12.5', '68.00'],
      ],
    },
    {
      name: 'payments',
      comment: 'What came in',
      columns: `
        invoice_id uuid required -> invoices
        amount numeric(12,2) required
        received_on date required
        reference text
      `,
      sample: 'invoice_id amount received_on reference',
      rows: [
        [1, '297.50', '2026-04-12', '2026-001'],
        [2, '50.00', '2026-05-10', 'part'],
      ],
    },
  ],
}
