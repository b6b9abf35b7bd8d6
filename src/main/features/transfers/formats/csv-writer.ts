/** One record, as Postgres writes CSV: NULL is nothing, an empty text is `""`. */
export function csvLine(cells: readonly (string | null)[], delimiter = ','): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\n`
}

export function csvCell(cell: string | null, delimiter = ','): string {
  if (cell === null) return ''
  return cell === '' || cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
