import type { Template } from './template'

export const shop: Template = {
  id: 'shop',
  name: 'Online shop',
  sentence: 'Products in categories, customers, and orders with their lines.',
  tables: [
    {
      name: 'categories',
      comment: 'What products are sorted by',
      columns: `
        name text required unique
        parent_id uuid -> categories empty
      `,
      sample: 'id name parent_id',
      rows: [
        [1, 'Kitchen', null],
        [2, 'Knives', 1],
        [3, 'Pans', 1],
        [4, 'Garden', null],
      ],
    },
    {
      name: 'products',
      comment: 'What is sold',
      columns: `
        category_id uuid -> categories empty
        name text required
        sku varchar(20) required unique
        price numeric(10,2) required
        stock integer required = 0
        is_active boolean required = true
      `,
      sample: 'id category_id name sku price stock is_active',
      rows: [
        [1, 2, 'Paring knife', 'KN-100', '18.50', 42, true],
        [2, 2, 'Bread knife', 'KN-210', '34.00', 17, true],
        [3, 3, 'Cast iron pan 26 cm', 'PA-026', '59.90', 8, true],
        [4, 3, 'Saucepan 2 l', 'PA-200', '44.00', 0, true],
        [5, 4, 'Pruning shears', 'GA-010', '27.95', 23, true],
        [6, 4, 'Watering can', 'GA-020', '15.00', 0, false],
      ],
    },
    {
      name: 'customers',
      comment: 'Who buys',
      columns: `
        email text required unique
        full_name text required
        country varchar(2) required
      `,
      sample: 'id email full_name country',
      rows: [
        [1, 'nora@example.org', 'Nora Lind', 'SE'],
        [2, 'paul@example.org', 'Paul Mercier', 'FR'],
        [3, 'yuki@example.org', 'Yuki Sato', 'JP'],
      ],
    },
    {
      name: 'orders',
      comment: 'One purchase',
      columns: `
        customer_id uuid required -> customers
        status text required = new
        placed_at timestamptz required = now()
        shipping numeric(10,2) required = 0
      `,
      sample: 'id customer_id status placed_at shipping',
      rows: [
        [1, 1, 'delivered', '2026-05-02T10:12:00Z', '4.90'],
        [2, 2, 'shipped', '2026-05-20T16:40:00Z', '9.90'],
        [3, 1, 'new', '2026-06-01T08:05:00Z', '4.90'],
        [4, 3, 'cancelled', '2026-05-11T02:30:00Z', '19.90'],
      ],
    },
    {
      name: 'order_lines',
      comment: 'What was bought, at the price of that day',
      columns: `
        order_id uuid required -> orders cascade
        product_id uuid required -> products
        quantity integer required = 1
        unit_price numeric(10,2) required
      `,
      unique: [['order_id', 'product_id']],
      sample: 'order_id product_id quantity unit_price',
      rows: [
        [1, 1, 2, '18.50'],
        [1, 3, 1, '59.90'],
        [2, 2, 1, '34.00'],
        [3, 5, 1, '27.95'],
        [3, 1, 1, '18.50'],
        [4, 4, 3, '44.00'],
      ],
    },
  ],
}
