/** What is drawn at a zoom: everything, rows without their controls, or only names. */
export type Detail = 'near' | 'middle' | 'far'

export function detailOf(zoom: number): Detail {
  if (zoom < 0.36) return 'far'
  return zoom < 0.66 ? 'middle' : 'near'
}
