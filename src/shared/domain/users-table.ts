import type { TableSchema } from './table-schema'

/** The table every new database begins with, exactly as the planning document gives it. */
export const usersTable: TableSchema = {
  name: 'users',
  columns: [
    { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
    { name: 'email', type: 'text', unique: true, required: true },
    { name: 'password_hash', type: 'text', required: true },
    { name: 'full_name', type: 'text', required: false },
    { name: 'avatar_url', type: 'text', required: false },
    { name: 'created_at', type: 'timestamptz', default: 'NOW()' },
    { name: 'updated_at', type: 'timestamptz', default: 'NOW()' },
  ],
}
