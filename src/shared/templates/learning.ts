import type { Template } from './template'

export const learning: Template = {
  id: 'learning',
  name: 'Learning',
  sentence: 'Courses with lessons, students, and how far they have come.',
  tables: [
    {
      name: 'teachers',
      comment: 'Who teaches',
      columns: `
        full_name text required
        email text required unique
      `,
      sample: 'id full_name email',
      rows: [
        [1, 'Maria Rossi', 'maria@example.org'],
        [2, 'David Stern', 'david@example.org'],
      ],
    },
    {
      name: 'courses',
      comment: 'What can be learned',
      columns: `
        teacher_id uuid required -> teachers
        title text required unique
        level text required = beginner
        price numeric(8,2) required = 0
      `,
      sample: 'id teacher_id title level price',
      rows: [
        [1, 1, 'Italian in ten weeks', 'beginner', '120.00'],
        [2, 2, 'Statistics with real data', 'advanced', '0'],
        [3, 1, 'Cooking words', 'beginner', '25.00'],
      ],
    },
    {
      name: 'lessons',
      comment: 'The parts of a course, in order',
      columns: `
        course_id uuid required -> courses cascade
        place integer required
        title text required
        minutes integer required = 30
      `,
      unique: [['course_id', 'place']],
      sample: 'id course_id place title minutes',
      rows: [
        [1, 1, 1, 'Who are you', 30],
        [2, 1, 2, 'At the market', 45],
        [3, 1, 3, 'Yesterday', 45],
        [4, 2, 1, 'Looking at numbers', 60],
        [5, 2, 2, 'Samples', 60],
      ],
    },
    {
      name: 'students',
      comment: 'Who learns',
      columns: `
        full_name text required
        email text required unique
      `,
      sample: 'id full_name email',
      rows: [
        [1, 'Kim Larsen', 'kim@example.org'],
        [2, 'Ana Torres', 'ana@example.org'],
        [3, 'Peter Novak', 'peter@example.org'],
      ],
    },
    {
      name: 'enrolments',
      comment: 'Who takes which course',
      columns: `
        student_id uuid required -> students cascade
        course_id uuid required -> courses
        enrolled_on date required = now()
        grade numeric(4,1)
      `,
      unique: [['student_id', 'course_id']],
      sample: 'id student_id course_id enrolled_on grade',
      rows: [
        [1, 1, 1, '2026-03-01', null],
        [2, 2, 1, '2026-03-04', '9.5'],
        [3, 2, 2, '2026-04-10', null],
        [4, 3, 3, '2026-05-02', null],
      ],
    },
    {
      name: 'progress',
      comment: 'Lessons that are done',
      columns: `
        enrolment_id uuid required -> enrolments cascade
        lesson_id uuid required -> lessons cascade
        done_at timestamptz required = now()
        score integer
      `,
      unique: [['enrolment_id', 'lesson_id']],
      sample: 'enrolment_id lesson_id done_at score',
      rows: [
        [1, 1, '2026-03-02T18:00:00Z', 80],
        [1, 2, '2026-03-09T18:30:00Z', 65],
        [2, 1, '2026-03-05T20:00:00Z', 100],
        [3, 4, '2026-04-12T07:15:00Z', null],
      ],
    },
  ],
}
