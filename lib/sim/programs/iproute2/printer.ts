/**
 * What iproute2's tools print, as text and as JSON at once (lib/json_print.c, json_writer.c): each value is given with its key
 * and with the text that stands for it, and one of the two comes out.
 */

/** `raw` is a number as it is to be written (`0.00`). */
export type Json = string | number | boolean | { readonly raw: string } | JsonArray | JsonObject;
type JsonArray = Json[];
type JsonObject = Map<string, Json>;

export type PrinterMode = { readonly json: boolean; readonly pretty: boolean; readonly oneline: boolean; readonly color: boolean };

/** What is shown in colour with -c, each in its own (lib/color.c, for a dark background). */
export type Coloured = "interface" | "mac" | "inet" | "inet6" | "up" | "down";

const CODES = { interface: "1;36", mac: "1;33", inet: "1;35", inet6: "1;94", up: "1;32", down: "1;31" } as const satisfies Record<
  Coloured,
  string
>;

export class Printer {
  readonly mode: PrinterMode;
  #text = "";
  #root: JsonArray | JsonObject | undefined;
  readonly #open: (JsonArray | JsonObject)[] = [];

  constructor(mode: PrinterMode) {
    this.mode = mode;
  }

  /** The end of a line within one object: `\` with -o. */
  get lineEnd(): string {
    return this.mode.oneline ? "\\" : "\n";
  }

  /** A member of the open object. */
  put(key: string, value: Json, text: string): void {
    this.#add(key, value);
    this.#text += text;
  }

  /** A member whose text has a part in colour, after a word that has none. */
  putColoured(key: string, value: Json, word: string, color: Coloured | undefined, text: string): void {
    this.put(key, value, this.mode.color && color ? `${word}\x1b[${CODES[color]}m${text}\x1b[0m` : `${word}${text}`);
  }

  /** Only text. */
  text(text: string): void {
    this.#text += text;
  }

  /** Only JSON. */
  json(key: string, value: Json): void {
    this.#add(key, value);
  }

  /** Everything that `fill` puts goes into an object; `key` where it stands in another object. */
  object(fill: () => void, key?: string): void {
    this.#within(new Map(), fill, key);
  }

  array(fill: () => void, key?: string): void {
    this.#within([], fill, key);
  }

  /** All that was put, as it is to be written. Where nothing was begun, JSON is silent too. */
  finish(): string {
    if (!this.mode.json) return this.#text;
    if (!this.#root) return "";
    return `${this.mode.pretty ? pretty(this.#root, 0) : compact(this.#root)}\n`;
  }

  #within(container: JsonArray | JsonObject, fill: () => void, key: string | undefined): void {
    if (this.#open.length > 0) this.#add(key, container);
    else this.#root ??= container;
    this.#open.push(container);
    fill();
    this.#open.pop();
  }

  #add(key: string | undefined, value: Json): void {
    const container = this.#open.at(-1);
    if (Array.isArray(container)) container.push(value);
    else container?.set(key ?? "", value);
  }
}

export function addressColor(address: string): Coloured {
  return address.includes(":") ? "inet6" : "inet";
}

export function stateColor(state: string): Coloured | undefined {
  return state === "UP" ? "up" : state === "DOWN" ? "down" : undefined;
}

function compact(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(",")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${compact(member)}`).join(",")}}`;
  return scalar(value);
}

/** json_writer.c's layout: objects of a list on one line with their brackets, members four columns deeper per level. */
function pretty(value: Json, depth: number): string {
  if (Array.isArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.map((item) => pretty(item, depth + 1)).join(",")} ]`;
  if (value instanceof Map) {
    const inner = "    ".repeat(depth + 1);
    const members = [...value].map(([key, member]) => `\n${inner}${JSON.stringify(key)}: ${pretty(member, depth + 1)}`);
    return `{${members.join(",")}${members.length > 0 ? `\n${"    ".repeat(depth)}` : ""}}`;
  }
  return scalar(value);
}

function scalar(value: string | number | boolean | { readonly raw: string }): string {
  return typeof value === "object" ? value.raw : JSON.stringify(value);
}
