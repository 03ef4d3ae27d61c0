/** `docker events`. Follows docker/cli cli/command/system/events.go. */

import { type EventMessage } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Failure, Handler } from "../../cobra/command";
import { DOCKER_FUNCTIONS, execute, FUNCTION_NAMES, goPointer, parseJson, parseTemplate, zeroOf } from "../../gotemplate";
import { rfc3339, timestamp } from "../../opts/timestamp";
import { decode, TYPES } from "../../schema";
import { filtersParameter } from "../filters";
import { eachLine } from "../json-stream";

const MESSAGE = TYPES.get("events.Message");

export const systemEvents: Handler = function* ({ cli, flags }) {
  const format = flags.text("format") === "json" ? "{{json .}}" : flags.text("format");
  const bad = (error: string): Failure => ({ status: 64, message: `Error parsing format: ${error}` });
  const template = format === "" ? undefined : parseTemplate("", format, FUNCTION_NAMES);
  if (template && !template.ok) return bad(template.error);
  if (template) {
    // Tried on an empty message, so that a wrong field is told before the first event.
    const tried = execute(template.value, goPointer(zeroOf(MESSAGE)), { functions: DOCKER_FUNCTIONS });
    if (!tried.ok) return bad(tried.error.message);
  }
  const times: Record<string, string | undefined> = {};
  for (const name of ["since", "until"]) {
    if (flags.text(name) === "") continue;
    const time = timestamp(flags.text(name), cli.nowNs);
    if (!time.ok) return { status: 1, message: time.error };
    times[name] = time.value;
  }
  const response = yield* cli.client.call("SystemEvents", { query: { ...times, filters: filtersParameter(flags.filter("filter")) } });
  if (!response.ok) return failureOf(response.error);
  let failure: Failure | undefined;
  const interrupted = yield* eachLine<EventMessage>(cli.client, response.value.body, function* (event, text) {
    if (!template) {
      yield* cli.out(eventText(event, text));
      return true;
    }
    const json = parseJson(text);
    const filled = execute(template.value, json.ok ? decode(MESSAGE, json.value) : zeroOf(MESSAGE), { functions: DOCKER_FUNCTIONS });
    yield* cli.out(`${filled.ok ? filled.value : filled.error.output}\n`);
    if (!filled.ok) failure = { status: 1, message: filled.error.message };
    return filled.ok;
  });
  return interrupted ? failureOf(interrupted) : failure;
};

function eventText(event: EventMessage, text: string): string {
  // The nanoseconds have more digits than a number holds; they are taken from the text.
  const digits = /"timeNano":(\d+)/.exec(text)?.[1] ?? "0";
  let time = "";
  if (digits !== "0") time = `${rfc3339(Number(digits.slice(0, -9)), Number(digits.slice(-9)))} `;
  else if (event.time) time = `${rfc3339(event.time, 0)} `;
  const attributes = Object.entries(event.Actor.Attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const list = attributes.length > 0 ? ` (${attributes.map(([key, value]) => `${key}=${value}`).join(", ")})` : "";
  return `${time}${event.Type} ${event.Action} ${event.Actor.ID}${list}\n`;
}
