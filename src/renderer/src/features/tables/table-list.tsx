/** The tables of the current project, in the sidebar. */
export function TableList() {
  return null
}
