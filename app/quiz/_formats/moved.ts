/** The list with `id` at `place`, the others in their order; the same list when it stands there already. */
export function moved(ids: readonly string[], id: string, place: number): readonly string[] {
  if (ids.indexOf(id) === place || !ids.includes(id)) return ids;
  const others = ids.filter((other) => other !== id);
  return [...others.slice(0, place), id, ...others.slice(place)];
}
