import type { Template } from './template'

export const inventory: Template = {
  id: 'inventory',
  name: 'Inventory',
  sentence: 'Items, where they lie, who delivers them, and every movement.',
  tables: [
    {
      name: 'suppliers',
      comment: 'Who delivers',
      columns: `
        name text required unique
        email text
        days_to_deliver integer required = 7
      `,
      sample: 'id name email days_to_deliver',
      rows: [
        [1, 'Bolt & Nut', 'orders@bolt.example', 3],
        [2, 'Cable Works', 'sales@cable.example', 10],
      ],
    },
    {
      name: 'locations',
      comment: 'Where things lie',
      columns: `
        code varchar(12) required unique
        name text required
      `,
      sample: 'id code name',
      rows: [
        [1, 'A-01', 'Shelf A, left'],
        [2, 'A-02', 'Shelf A, right'],
        [3, 'COLD', 'Cold room'],
      ],
    },
    {
      name: 'items',
      comment: 'What is kept',
      columns: `
        supplier_id uuid -> suppliers empty
        name text required
        sku varchar(20) required unique
        unit text required = piece
        reorder_below integer required = 0
        unit_cost numeric(10,4)
      `,
      sample: 'id supplier_id name sku unit reorder_below unit_cost',
      rows: [
        [1, 1, 'Bolt M6', 'B-M6', 'piece', 500, '0.0420'],
        [2, 1, 'Nut M6', 'N-M6', 'piece', 500, '0.0180'],
        [3, 2, 'Cable 2.5 mm', 'C-25', 'metre', 100, '0.6100'],
        [4, null, 'Grease', 'G-01', 'can', 5, '7.9000'],
      ],
    },
    {
      name: 'movements',
      comment: 'In and out; what there is, is their sum',
      columns: `
        item_id uuid required -> items
        location_id uuid required -> locations
        quantity numeric(12,3) required
        reason text required
        moved_at timestamptz required = now()
      `,
      sample: 'item_id location_id quantity reason moved_at',
      rows: [
        [1, 1, '2000', 'delivery', '2026-05-04T08:00:00Z'],
        [1, 1, '-350', 'order 114', '2026-05-09T10:30:00Z'],
        [2, 1, '1500', 'delivery', '2026-05-04T08:05:00Z'],
        [3, 2, '240', 'delivery', '2026-05-06T11:00:00Z'],
        [3, 2, '-37.5', 'order 115', '2026-05-12T15:45:00Z'],
        [4, 3, '4', 'count', '2026-05-31T17:00:00Z'],
      ],
    },
  ],
}
