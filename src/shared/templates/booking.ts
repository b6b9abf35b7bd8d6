import type { Template } from './template'

export const booking: Template = {
  id: 'booking',
  name: 'Booking',
  sentence: 'Rooms, guests, and stays with prices and payments.',
  tables: [
    {
      name: 'rooms',
      comment: 'What can be booked',
      columns: `
        name text required unique
        beds integer required = 2
        price_per_night numeric(8,2) required
        features text[] = {}
      `,
      sample: 'id name beds price_per_night features',
      rows: [
        [1, 'Garden room', 2, '95.00', ['garden', 'bath']],
        [2, 'Attic', 1, '70.00', ['view']],
        [3, 'Family suite', 4, '165.00', ['kitchen', 'bath']],
      ],
    },
    {
      name: 'guests',
      comment: 'Who comes',
      columns: `
        full_name text required
        email text required unique
        phone text
      `,
      sample: 'id full_name email phone',
      rows: [
        [1, 'Eva Brandt', 'eva@example.org', '+43 1 555 01'],
        [2, 'Joao Silva', 'joao@example.org', null],
        [3, 'Ruth Adler', 'ruth@example.org', '+41 44 555 02'],
      ],
    },
    {
      name: 'stays',
      comment: 'One booking',
      columns: `
        room_id uuid required -> rooms
        guest_id uuid required -> guests
        arrives_on date required
        leaves_on date required
        people integer required = 1
        status text required = confirmed
        note text
      `,
      sample: 'id room_id guest_id arrives_on leaves_on people status note',
      rows: [
        [1, 1, 1, '2026-07-03', '2026-07-07', 2, 'confirmed', null],
        [2, 3, 2, '2026-07-10', '2026-07-17', 4, 'confirmed', 'Needs a cot'],
        [3, 2, 3, '2026-06-12', '2026-06-13', 1, 'left', null],
        [4, 1, 3, '2026-08-01', '2026-08-05', 2, 'cancelled', null],
      ],
    },
    {
      name: 'payments',
      comment: 'What was paid for a stay',
      columns: `
        stay_id uuid required -> stays cascade
        amount numeric(10,2) required
        method text required = card
        paid_at timestamptz required = now()
      `,
      sample: 'stay_id amount method paid_at',
      rows: [
        [1, '100.00', 'card', '2026-05-01T12:00:00Z'],
        [3, '70.00', 'cash', '2026-06-13T09:10:00Z'],
        [2, '300.00', 'transfer', '2026-05-22T00:00:00Z'],
      ],
    },
  ],
}
