/**
 * curl's command line. One table says which options there are, what they take, and whether they are simulated; curl 8.23.
 */

import { fail, ok, type Result } from "@/lib/base/result";

type OptionSpec = { readonly short?: string; readonly long: string; readonly takes: boolean; readonly simulated: boolean };

const flag = (long: string, short?: string, simulated = true): OptionSpec => ({
  long,
  ...(short ? { short } : {}),
  takes: false,
  simulated,
});
const value = (long: string, short?: string, simulated = true): OptionSpec => ({
  long,
  ...(short ? { short } : {}),
  takes: true,
  simulated,
});

export const CURL_OPTIONS: readonly OptionSpec[] = [
  flag("silent", "s"),
  flag("show-error", "S"),
  flag("include", "i"),
  flag("head", "I"),
  flag("verbose", "v"),
  flag("fail", "f"),
  flag("fail-with-body"),
  flag("location", "L"),
  flag("insecure", "k"),
  flag("ipv4", "4"),
  flag("ipv6", "6"),
  flag("get", "G"),
  flag("no-progress-meter"),
  flag("remote-name", "O"),
  flag("version", "V"),
  flag("help", "h"),
  flag("http1.1"),
  flag("http1.0", "0"),
  flag("no-buffer", "N"),
  flag("globoff", "g"),
  value("output", "o"),
  value("request", "X"),
  value("data", "d"),
  value("data-raw"),
  value("header", "H"),
  value("max-time", "m"),
  value("connect-timeout"),
  value("write-out", "w"),
  value("resolve"),
  value("interface"),
  value("unix-socket"),
  value("user-agent", "A"),
  value("user", "u"),
  value("retry"),
  value("retry-delay"),
  flag("retry-connrefused"),
  value("max-redirs"),
  value("url"),
  value("noproxy"),
  flag("compressed", undefined, false),
  flag("http2", undefined, false),
  value("cacert", undefined, false),
  value("cert", "E", false),
  value("key", undefined, false),
  value("form", "F", false),
  value("upload-file", "T", false),
  value("cookie", "b", false),
  value("cookie-jar", "c", false),
  value("proxy", "x", false),
  value("limit-rate", undefined, false),
  value("config", "K", false),
  flag("parallel", "Z", false),
  value("range", "r", false),
  value("trace", undefined, false),
];

export type CurlOptions = {
  readonly flags: ReadonlySet<string>;
  /** In the order given; most options count once, the last one. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly urls: readonly string[];
};

export type CurlUsageError = { readonly kind: "unknown" | "needs-value" | "not-simulated"; readonly option: string };

export function parseCurlOptions(argv: readonly string[]): Result<CurlOptions, CurlUsageError> {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const urls: string[] = [];
  const give = (spec: OptionSpec, text: string): void => {
    values.set(spec.long, [...(values.get(spec.long) ?? []), text]);
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (arg === "--") {
      urls.push(...argv.slice(i + 1));
      break;
    }
    if (arg.startsWith("--")) {
      const name = arg.slice(2);
      const spec =
        CURL_OPTIONS.find((one) => one.long === name) ??
        (name.startsWith("no-") ? CURL_OPTIONS.find((one) => one.long === name.slice(3) && !one.takes) : undefined);
      if (!spec) return fail({ kind: "unknown", option: arg });
      if (!spec.simulated) return fail({ kind: "not-simulated", option: arg });
      if (!spec.takes) {
        if (name.startsWith("no-") && spec.long !== name) flags.delete(spec.long);
        else flags.add(spec.long);
        continue;
      }
      const next = argv[++i];
      if (next === undefined) return fail({ kind: "needs-value", option: arg });
      give(spec, next);
      continue;
    }
    if (!arg.startsWith("-") || arg === "-") {
      urls.push(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at] ?? "";
      const spec = CURL_OPTIONS.find((one) => one.short === letter);
      if (!spec) return fail({ kind: "unknown", option: `-${letter}` });
      if (!spec.simulated) return fail({ kind: "not-simulated", option: `-${letter}` });
      if (!spec.takes) {
        flags.add(spec.long);
        continue;
      }
      const rest = arg.slice(at + 1);
      const text = rest !== "" ? rest : argv[++i];
      if (text === undefined) return fail({ kind: "needs-value", option: `-${letter}` });
      give(spec, text);
      break;
    }
  }
  return ok({ flags, values, urls: [...(values.get("url") ?? []), ...urls] });
}
