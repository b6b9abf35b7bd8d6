import type { Template } from './template'

export const library: Template = {
  id: 'library',
  name: 'Library',
  sentence: 'Books by their writers, copies on the shelf, members and loans.',
  tables: [
    {
      name: 'writers',
      comment: 'Who wrote them',
      columns: `
        name text required unique
        born integer
      `,
      sample: 'id name born',
      rows: [
        [1, 'Selma Lagerlof', 1858],
        [2, 'Italo Calvino', 1923],
        [3, 'Octavia Butler', 1947],
      ],
    },
    {
      name: 'books',
      comment: 'A title',
      columns: `
        title text required
        isbn varchar(13) unique
        published integer
        language varchar(2) required = en
      `,
      sample: 'id title isbn published language',
      rows: [
        [1, 'The Wonderful Adventures of Nils', '9780140366525', 1906, 'en'],
        [2, 'Invisible Cities', '9780156453806', 1972, 'en'],
        [3, 'Kindred', '9780807083697', 1979, 'en'],
      ],
    },
    {
      name: 'book_writers',
      comment: 'Who wrote which',
      columns: `
        book_id uuid required -> books cascade
        writer_id uuid required -> writers
      `,
      unique: [['book_id', 'writer_id']],
      sample: 'book_id writer_id',
      rows: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    },
    {
      name: 'copies',
      comment: 'What stands on the shelf',
      columns: `
        book_id uuid required -> books
        shelf varchar(10) required
        condition text required = good
      `,
      sample: 'id book_id shelf condition',
      rows: [
        [1, 1, 'K-1', 'worn'],
        [2, 2, 'C-4', 'good'],
        [3, 2, 'C-4', 'good'],
        [4, 3, 'B-2', 'new'],
      ],
    },
    {
      name: 'members',
      comment: 'Who borrows',
      columns: `
        full_name text required
        email text required unique
        card_number varchar(12) required unique
        joined_on date required = now()
      `,
      sample: 'id full_name email card_number joined_on',
      rows: [
        [1, 'Emil Lund', 'emil@example.org', 'L-0001', '2025-01-15'],
        [2, 'Zoe Petrou', 'zoe@example.org', 'L-0002', '2026-02-01'],
      ],
    },
    {
      name: 'loans',
      comment: 'Who has which copy',
      columns: `
        copy_id uuid required -> copies
        member_id uuid required -> members
        borrowed_on date required = now()
        due_on date required
        returned_on date
      `,
      sample: 'copy_id member_id borrowed_on due_on returned_on',
      rows: [
        [2, 1, '2026-05-01', '2026-05-29', '2026-05-20'],
        [4, 2, '2026-05-25', '2026-06-22', null],
        [1, 1, '2026-06-01', '2026-06-29', null],
      ],
    },
  ],
}
