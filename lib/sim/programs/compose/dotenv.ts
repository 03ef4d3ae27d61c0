/** `.env` files and `env_file`: `NAME=value`, quotes, comments and variables. Follows compose-go dotenv/parser.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import { interpolate, type Lookup } from "./interpolate";

export function parseDotEnv(text: string, lookup: Lookup): Result<ReadonlyMap<string, string>, string> {
  const values = new Map<string, string>();
  const context = { lookup: (name: string): string | undefined => values.get(name) ?? lookup(name), onUnset: (): void => {} };
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const match = /^(?:export\s+)?([A-Za-z0-9_.[\]-]+)\s*(?:[=:]\s*(.*))?$/.exec(line);
    if (!match) {
      const character = /[^A-Za-z0-9_.[\]-]/.exec(line.replace(/^export\s+/, ""))?.[0] ?? "";
      return fail(
        `line ${i + 1}: unexpected character ${JSON.stringify(character)} in variable name ${JSON.stringify(lines.slice(i).join("\n"))}`,
      );
    }
    const [, name = "", given] = match;
    if (given === undefined) {
      const inherited = lookup(name);
      if (inherited !== undefined) values.set(name, inherited);
      continue;
    }
    let raw = given;
    const quote = /^["']/.exec(raw)?.[0];
    if (quote !== undefined) {
      // A quoted value goes on over the lines until its quote.
      let end = closingQuote(raw, quote);
      while (end < 0 && i + 1 < lines.length) {
        raw += `\n${lines[++i] ?? ""}`;
        end = closingQuote(raw, quote);
      }
      if (end < 0) return fail(`line ${i + 1}: unterminated quoted value ${raw}`);
      const body = raw.slice(1, end);
      if (quote === "'") {
        values.set(name, body);
        continue;
      }
      raw = body.replaceAll(/\\([nrt"\\])/g, (_, c: string) => ({ n: "\n", r: "\r", t: "\t" })[c] ?? c);
    } else
      raw = raw
        .replace(/\s+#.*$/, "")
        .replace(/^#.*$/, "")
        .trim();
    const value = interpolate(raw, context);
    if (!value.ok) return value;
    values.set(name, value.value);
  }
  return ok(values);
}

function closingQuote(text: string, quote: string): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === "\\" && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}
