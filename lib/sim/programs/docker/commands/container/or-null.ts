/** Go writes an empty list that nobody made as `null`. */
export function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length > 0 ? items : null;
}
