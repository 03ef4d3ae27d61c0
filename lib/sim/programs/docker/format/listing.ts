/**
 * Listings under `--format`: tables with headers, raw blocks, JSON, or a template for each line.
 *
 * Follows docker/cli cli/command/formatter. What a template sees of an item is an object that has only methods
 * (`{{.Names}}` calls one), whose name shows in errors: `can't evaluate field Nope in type *formatter.ContainerContext`.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import {
  DOCKER_FUNCTIONS,
  execute,
  FUNCTION_NAMES,
  goAnyMap,
  type GoFunc,
  type GoMethods,
  goPointer,
  goString,
  type GoValue,
  HEADER_FUNCTIONS,
  parseTemplate,
  STRING,
  type StructType,
} from "../gotemplate";
import { alignColumns, TABLE } from "./tabwriter";

/** One kind of item: its Go type, its fields in the order of their names, and what its columns are called. */
export type Listing<T> = {
  /** `formatter.ContainerContext`. */
  readonly type: string;
  /** Without arguments; they are the item's JSON too. */
  readonly fields: Readonly<Record<string, (item: T) => string | GoValue>>;
  /** With one text argument (`{{.Label "tier"}}`). */
  readonly lookups?: Readonly<Record<string, (item: T, argument: string) => string>>;
  readonly headers: Readonly<Record<string, string>>;
};

/** `json` is short for a template; what is a table is told by its first word. */
function normalise(format: string): { readonly template: string; readonly isTable: boolean } {
  const isTable = format.startsWith("table");
  const body = isTable ? format.slice("table".length) : format === "json" ? "{{json .}}" : format;
  const template = body
    .replace(/^ +| +$/g, "")
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n");
  return { template, isTable };
}

/** The listing as it is printed, or the error of the template. */
export function formatListing<T>(listing: Listing<T>, format: string, items: readonly T[]): Result<string, string> {
  const { template: text, isTable } = normalise(format);
  const template = parseTemplate("", text, FUNCTION_NAMES);
  if (!template.ok) return fail(`template parsing error: ${template.error}`);

  let body = "";
  for (const item of items) {
    const line = execute(template.value, goPointer(viewOf(listing, item)), { functions: DOCKER_FUNCTIONS });
    if (!line.ok) return fail(`template parsing error: ${line.error.message}`);
    body += `${line.value}\n`;
  }
  if (!isTable) return ok(body);
  // What goes wrong in a header goes unsaid; it is printed as far as it came.
  const header = execute(template.value, headerOf(listing.headers), { functions: HEADER_FUNCTIONS });
  const head = header.ok ? header.value : header.error.output;
  return ok(alignColumns(`${head}\n${body}`, TABLE));
}

/** What a template sees of the item. */
export function viewOf<T>(listing: Listing<T>, item: T): GoValue {
  const value = (result: string | GoValue): GoValue => (typeof result === "string" ? goString(result) : result);
  const methods = new Map<string, GoFunc>();
  for (const [name, field] of Object.entries(listing.fields)) {
    methods.set(name, { params: [], result: STRING, call: () => ok(value(field(item))) });
  }
  for (const [name, lookup] of Object.entries(listing.lookups ?? {})) {
    methods.set(name, {
      params: [STRING],
      result: STRING,
      call: ([argument]) => ok(goString(lookup(item, argument?.kind === "string" ? argument.value : ""))),
    });
  }
  const bound: GoMethods = () => methods;
  const type: StructType = { kind: "struct", name: listing.type, fields: [], methods: bound };
  const json = (): GoValue => goAnyMap(Object.entries(listing.fields).map(([name, field]) => [name, value(field(item))] as const));
  return { kind: "struct", type, fields: [], custom: { json } };
}

function headerOf(headers: Readonly<Record<string, string>>): GoValue {
  const label: GoFunc = {
    params: [STRING],
    result: STRING,
    call: ([argument]) =>
      ok(goString((argument?.kind === "string" ? argument.value : "").split(".").at(-1)?.replaceAll(/[-_]/g, " ") ?? "")),
  };
  const methods = new Map([["Label", label]]);
  return {
    kind: "map",
    type: { kind: "map", name: "formatter.SubHeaderContext", key: STRING, elem: STRING, methods: () => methods },
    entries: new Map(Object.entries(headers).map(([name, text]) => [name, goString(text)])),
  };
}
