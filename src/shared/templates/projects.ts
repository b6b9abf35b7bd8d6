import type { Template } from './template'

export const projects: Template = {
  id: 'projects',
  name: 'Project management',
  sentence: 'Projects, tasks under tasks, who does them, and the hours they took.',
  tables: [
    {
      name: 'members',
      comment: 'People of the team',
      columns: `
        full_name text required
        email text required unique
        colour text
      `,
      sample: 'id full_name email colour',
      rows: [
        [1, 'Ida Falk', 'ida@example.org', 'blue'],
        [2, 'Ben Okoro', 'ben@example.org', 'green'],
        [3, 'Chi Nguyen', 'chi@example.org', 'amber'],
      ],
    },
    {
      name: 'projects',
      comment: 'What is worked on',
      columns: `
        name text required unique
        owner_id uuid -> members empty
        starts_on date
        ends_on date
        is_archived boolean required = false
      `,
      sample: 'id name owner_id starts_on ends_on is_archived',
      rows: [
        [1, 'New web site', 1, '2026-05-01', '2026-09-30', false],
        [2, 'Office move', 2, '2026-06-15', '2026-07-31', false],
      ],
    },
    {
      name: 'tasks',
      comment: 'What is to do',
      columns: `
        project_id uuid required -> projects cascade
        parent_id uuid -> tasks cascade
        assignee_id uuid -> members empty
        title text required
        status text required = todo
        priority integer required = 2
        due_on date
      `,
      sample: 'id project_id parent_id assignee_id title status priority due_on',
      rows: [
        [1, 1, null, 1, 'Structure of the pages', 'done', 1, '2026-05-20'],
        [2, 1, null, 3, 'Design', 'doing', 1, '2026-06-30'],
        [3, 1, 2, 3, 'Colours and type', 'done', 2, '2026-06-10'],
        [4, 1, 2, null, 'Pictures', 'todo', 2, '2026-06-25'],
        [5, 2, null, 2, 'Measure the rooms', 'doing', 1, '2026-06-20'],
        [6, 2, null, null, 'Order the van', 'todo', 3, null],
      ],
    },
    {
      name: 'labels',
      comment: 'Words on tasks',
      columns: `
        name text required unique
      `,
      sample: 'id name',
      rows: [
        [1, 'quick'],
        [2, 'waiting'],
        [3, 'outside'],
      ],
    },
    {
      name: 'task_labels',
      comment: 'Which task has which label',
      columns: `
        task_id uuid required -> tasks cascade
        label_id uuid required -> labels cascade
      `,
      unique: [['task_id', 'label_id']],
      sample: 'task_id label_id',
      rows: [
        [4, 2],
        [5, 3],
        [6, 1],
      ],
    },
    {
      name: 'time_entries',
      comment: 'Hours that were worked',
      columns: `
        task_id uuid required -> tasks cascade
        member_id uuid required -> members
        worked_on date required
        minutes integer required
        note text
      `,
      sample: 'task_id member_id worked_on minutes note',
      rows: [
        [1, 1, '2026-05-12', 180, null],
        [3, 3, '2026-06-02', 240, 'Three variants'],
        [5, 2, '2026-06-16', 90, null],
      ],
    },
  ],
}
