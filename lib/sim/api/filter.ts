/** The `filters` query parameter: `{"name":{"web":true},"label":{"tier=web":true}}` (moby: api/types/filters). */

export type Filters = Readonly<Record<string, Readonly<Record<string, boolean>>>>;
