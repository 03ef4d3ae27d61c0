/**
 * What `inspect` commands print: JSON indented by four spaces, JSON on one line, or a template.
 *
 * Follows docker/cli cli/command/inspect: a template is tried on the typed object first, then on the daemon's raw JSON, where
 * a missing key is an error. That is why `{{.Nope}}` fails with `map has no entry for key "Nope"`.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../cli";
import type { Failure } from "../cobra/command";
import {
  compactJson,
  DOCKER_FUNCTIONS,
  encodeJson,
  execute,
  FUNCTION_NAMES,
  goAnys,
  type GoType,
  type GoValue,
  indentJson,
  parseJson,
  parseTemplate,
  type Template,
  toAny,
} from "../gotemplate";
import { decode } from "../schema";

/** An inspected object: the daemon's text and the type that the CLI has for it, or a value that the CLI made itself. */
export type Inspected =
  | { readonly kind: "raw"; readonly text: string; readonly type: GoType }
  | { readonly kind: "value"; readonly value: GoValue };

export type Finder = (name: string) => Routine<Result<Inspected, { readonly message: string }>>;

export function* inspect(cli: Cli, names: readonly string[], format: string, find: Finder): Routine<Failure | undefined> {
  const isTemplate = format !== "" && format !== "json";
  let template: Template | undefined;
  if (isTemplate) {
    const parsed = parseTemplate("", format, FUNCTION_NAMES);
    if (!parsed.ok) return { status: 64, message: `template parsing error: ${parsed.error}` };
    template = parsed.value;
  }

  const errors: string[] = [];
  const found: Inspected[] = [];
  let text = "";
  for (const name of names) {
    const object = yield* find(name);
    if (!object.ok) {
      errors.push(object.error.message);
      continue;
    }
    if (!template) {
      found.push(object.value);
      continue;
    }
    const line = fill(template, object.value);
    if (line.ok) text += `${line.value}\n`;
    else errors.push(`template parsing error: ${line.error}`);
  }
  yield* cli.out(template ? text || "\n" : `${asJson(found, format === "json")}\n`);
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
}

function fill(template: Template, object: Inspected): Result<string, string> {
  if (object.kind === "value") {
    const line = execute(template, object.value, { functions: DOCKER_FUNCTIONS });
    return line.ok ? line : fail(line.error.message);
  }
  const json = parseJson(object.text);
  if (!json.ok) return fail(`unable to read inspect data: ${json.error}`);
  const typed = execute(template, decode(object.type, json.value), { functions: DOCKER_FUNCTIONS });
  if (typed.ok) return ok(typed.value);
  const raw = execute(template, toAny(json.value), { functions: DOCKER_FUNCTIONS, missingKey: "error" });
  return raw.ok ? raw : fail(raw.error.message);
}

function asJson(found: readonly Inspected[], isCompact: boolean): string {
  if (found.length === 0) return "[]";
  const raw = found.flatMap((object) => (object.kind === "raw" ? [object.text] : []));
  if (raw.length > 0) {
    const text = `[${raw.join(",")}]`;
    return isCompact ? compactJson(text) : indentJson(text, "    ");
  }
  const values = goAnys(found.flatMap((object) => (object.kind === "value" ? [object.value] : [])));
  return encodeJson(values, isCompact ? { escapeHtml: true } : { escapeHtml: true, indent: "    " });
}
