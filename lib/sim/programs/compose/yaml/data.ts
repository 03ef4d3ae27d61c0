/** What a YAML document says, as values. A map keeps the order of its keys. */

export type Data = null | boolean | number | string | readonly Data[] | DataMap;
export type DataMap = ReadonlyMap<string, Data>;

export function isMap(data: Data | undefined): data is DataMap {
  return data instanceof Map;
}

export function isList(data: Data | undefined): data is readonly Data[] {
  return Array.isArray(data);
}

export function isScalar(data: Data | undefined): data is string | number | boolean {
  return typeof data === "string" || typeof data === "number" || typeof data === "boolean";
}

/** A scalar as Go's fmt prints it; nothing for null. */
export function textOf(data: Data | undefined): string {
  return isScalar(data) ? String(data) : "";
}
