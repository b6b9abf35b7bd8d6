import type { Template } from './template'

export const blog: Template = {
  id: 'blog',
  name: 'Blog',
  sentence: 'Authors, posts with tags, and comments that wait for a look.',
  tables: [
    {
      name: 'authors',
      comment: 'People who write',
      columns: `
        name text required
        email text required unique
        bio text
      `,
      sample: 'id name email bio',
      rows: [
        [1, 'Ada Byron', 'ada@example.org', 'Writes about engines that count.'],
        [2, 'Linus Berg', 'linus@example.org', 'Walks, then writes about it.'],
        [3, 'Mei Tanaka', 'mei@example.org', null],
      ],
    },
    {
      name: 'posts',
      comment: 'One article',
      columns: `
        author_id uuid required -> authors
        title text required
        slug text required unique
        body text required
        status text required = draft
        published_at timestamptz
      `,
      sample: 'id author_id title slug body status published_at',
      rows: [
        [
          1,
          1,
          'Notes on the analytical engine',
          'analytical-engine',
          'The engine weaves patterns of numbers.',
          'published',
          '2026-03-02T09:00:00Z',
        ],
        [
          2,
          1,
          'What a loop is',
          'what-a-loop-is',
          'A cycle of operations, again and again.',
          'published',
          '2026-03-20T09:00:00Z',
        ],
        [
          3,
          2,
          'Forty kilometres along the coast',
          'coast',
          'The wind came from the west all day.',
          'published',
          '2026-04-11T07:30:00Z',
        ],
        [4, 3, 'Bread without a recipe', 'bread', 'Flour, water, salt and time.', 'draft', null],
      ],
    },
    {
      name: 'tags',
      comment: 'Words that posts are found by',
      columns: `
        name text required unique
      `,
      sample: 'id name',
      rows: [
        [1, 'computing'],
        [2, 'outdoors'],
        [3, 'kitchen'],
        [4, 'history'],
      ],
    },
    {
      name: 'post_tags',
      comment: 'Which post has which tag',
      columns: `
        post_id uuid required -> posts cascade
        tag_id uuid required -> tags cascade
      `,
      unique: [['post_id', 'tag_id']],
      sample: 'post_id tag_id',
      rows: [
        [1, 1],
        [1, 4],
        [2, 1],
        [3, 2],
        [4, 3],
      ],
    },
    {
      name: 'comments',
      comment: 'What readers say',
      columns: `
        post_id uuid required -> posts cascade
        name text required
        body text required
        is_approved boolean required = false
      `,
      sample: 'post_id name body is_approved',
      rows: [
        [1, 'Charles', 'You understood it better than I did.', true],
        [3, 'Ines', 'Which map did you use?', true],
        [3, 'Tom', 'Same walk, but in rain.', true],
        [2, 'Bot 3000', 'Buy watches', false],
      ],
    },
  ],
}
