/**
 * A request as a handler sees it: what its path names, its query, its body read as Go would.
 * Modelled on moby's daemon/server/httputils and Go's net/url.
 */

import { ok } from "@/lib/base/result";
import type { ServiceRequest } from "@/lib/sim/core/sys";
import { type Outcome, refuse } from "../error";
import { parseFirst } from "../go/json-text";
import { quote } from "../go/quote";
import { decode, type Shape } from "../go/shape";
import { atoi } from "../go/strconv";

export class ApiRequest {
  /** `1.51`: what the path asks for, or the engine's own. */
  readonly version: string;
  /** What `{name}` or `{id}` of the route's path matched, decoded. */
  readonly object: string;
  readonly body: string;
  readonly #query: ReadonlyMap<string, readonly string[]>;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(request: ServiceRequest, found: { readonly version: string; readonly object: string; readonly query: string }) {
    this.version = found.version;
    this.object = found.object;
    this.body = request.body ?? "";
    this.#query = parseQuery(found.query);
    this.#headers = request.headers ?? {};
  }

  /** The first value of a query parameter, `""` when it is not there. */
  text(name: string): string {
    return this.#query.get(name)?.[0] ?? "";
  }

  texts(name: string): readonly string[] | undefined {
    return this.#query.get(name);
  }

  /** moby's BoolValue: anything but these five is true. */
  flag(name: string, otherwise = false): boolean {
    if (!this.#query.has(name)) return otherwise;
    return !["", "0", "no", "false", "none"].includes(this.text(name).trim().toLowerCase());
  }

  /** A whole number; absent when the parameter is. */
  number(name: string): Outcome<number | undefined> {
    const text = this.text(name);
    if (text === "") return ok(undefined);
    const value = atoi(text);
    return value.ok ? value : refuse("internal", value.error);
  }

  header(name: string): string {
    const wanted = name.toLowerCase();
    for (const [key, value] of Object.entries(this.#headers)) {
      if (key.toLowerCase() === wanted) return value;
    }
    return "";
  }

  isBefore(version: string): boolean {
    return compareVersions(this.version, version) < 0;
  }

  /** A body must say that it is JSON. The simulator's own clients send no header; a value is JSON by itself. */
  checkContentType(): Outcome<void> {
    const type = this.header("Content-Type");
    if (type === "") return ok(undefined);
    const media = type.split(";")[0]?.trim().toLowerCase() ?? "";
    if (media === "application/json") return ok(undefined);
    return refuse("invalid", `unsupported Content-Type header (${type}): must be 'application/json'`);
  }

  /** The body as Go's ReadJSON takes it. Without a body: the zero value. */
  json<T>(shape: Shape<T>, root: string): Outcome<T> {
    const type = this.checkContentType();
    if (!type.ok) return type;
    if (this.body === "") return ok(shape.zero);
    const parsed = parseFirst(this.body);
    if (!parsed.ok) return refuse("invalid", parsed.error.eof === "EOF" ? EMPTY_BODY : `invalid JSON: ${parsed.error.message}`);
    const value = decode(shape, parsed.value.value, root);
    if (!value.ok) return refuse("invalid", `invalid JSON: ${value.error}`);
    return parsed.value.rest ? refuse("invalid", "unexpected content after JSON") : value;
  }
}

export const EMPTY_BODY = "invalid JSON: got EOF while reading request body";

/** `1.9` comes before `1.24`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** An unsigned number of a resize request. */
export function resizeError(what: "height" | "width", text: string, error: string): Outcome<never> {
  return refuse("invalid", `invalid resize ${what} ${quote(text)}: ${error}`);
}

export function parseQuery(text: string): ReadonlyMap<string, readonly string[]> {
  const query = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const key = unescapeComponent((equals < 0 ? pair : pair.slice(0, equals)).replaceAll("+", " "));
    const value = equals < 0 ? "" : unescapeComponent(pair.slice(equals + 1).replaceAll("+", " "));
    query.set(key, [...(query.get(key) ?? []), value]);
  }
  return query;
}

/** Percent-decoding; what is not valid stays as it is. */
export function unescapeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
