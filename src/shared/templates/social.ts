import type { Template } from './template'

export const social: Template = {
  id: 'social',
  name: 'Social network',
  sentence: 'Profiles that follow each other, posts, comments and likes.',
  tables: [
    {
      name: 'profiles',
      comment: 'People',
      columns: `
        handle varchar(30) required unique
        name text required
        about text
        born_on date
      `,
      sample: 'id handle name about born_on',
      rows: [
        [1, 'ada', 'Ada', 'Numbers and poems', '1990-12-10'],
        [2, 'grace', 'Grace', 'Ships and compilers', null],
        [3, 'alan', 'Alan', null, null],
        [4, 'katherine', 'Katherine', 'Orbits', '1988-08-26'],
      ],
    },
    {
      name: 'follows',
      comment: 'Who reads whom',
      columns: `
        follower_id uuid required -> profiles cascade
        followed_id uuid required -> profiles cascade
      `,
      unique: [['follower_id', 'followed_id']],
      sample: 'follower_id followed_id',
      rows: [
        [1, 2],
        [1, 4],
        [2, 1],
        [3, 1],
        [4, 2],
      ],
    },
    {
      name: 'posts',
      comment: 'What people say',
      columns: `
        profile_id uuid required -> profiles cascade
        body varchar(500) required
        replies_to_id uuid -> posts empty
      `,
      sample: 'id profile_id body replies_to_id',
      rows: [
        [1, 2, 'Found the moth. It was in relay 70.', null],
        [2, 1, 'Is it kept?', 1],
        [3, 2, 'Taped into the log book.', 2],
        [4, 4, 'Checked the numbers by hand. They are right.', null],
      ],
    },
    {
      name: 'likes',
      comment: 'Who liked what',
      columns: `
        post_id uuid required -> posts cascade
        profile_id uuid required -> profiles cascade
      `,
      unique: [['post_id', 'profile_id']],
      sample: 'post_id profile_id',
      rows: [
        [1, 1],
        [1, 3],
        [1, 4],
        [4, 1],
        [3, 1],
      ],
    },
    {
      name: 'messages',
      comment: 'Between two people',
      columns: `
        from_id uuid required -> profiles cascade
        to_id uuid required -> profiles cascade
        body text required
        read_at timestamptz
      `,
      sample: 'from_id to_id body read_at',
      rows: [
        [1, 2, 'May I write about the moth?', '2026-04-01T10:00:00Z'],
        [2, 1, 'Please do.', null],
      ],
    },
  ],
}
