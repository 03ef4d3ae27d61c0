/** Reading the words behind busybox's `ip OBJECT COMMAND`, and what is said of wrong ones. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Family, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { LinkView, Netns, RouteTable } from "@/lib/sim/kernel";
import type { Failure } from "./busybox";
import type { IpFamily } from "./ip";

export class Words {
  readonly #words: readonly string[];
  readonly #status: number;
  #next = 0;

  /** `status`: that of a wrong command line, which differs between objects. */
  constructor(words: readonly string[], status: number) {
    this.#words = words;
    this.#status = status;
  }

  take(): string | undefined {
    return this.#words[this.#next++];
  }

  get isEmpty(): boolean {
    return this.#next >= this.#words.length;
  }

  /** The value that an option needs. */
  value(): Result<string, Failure> {
    const word = this.take();
    return word === undefined ? fail({ message: 'command line is not complete, try "help"', status: this.#status }) : ok(word);
  }

  invalid(value: string, what: string): Result<never, Failure> {
    return fail({ message: `invalid argument '${value}' to '${what}'`, status: this.#status });
  }

  duplicate(key: string, word: string): Result<never, Failure> {
    return fail({ message: `either "${key}" is duplicate, or "${word}" is garbage`, status: this.#status });
  }

  link(netns: Netns, name: string): Result<LinkView, Failure> {
    const link = netns.links.linkByName(name);
    return link ? ok(link) : fail({ message: `can't find device '${name}'`, status: this.#status });
  }
}

export function familyNumber(family: IpFamily): Family | undefined {
  return family === "inet" ? 4 : family === "inet6" ? 6 : undefined;
}

/** An address with or without a length; `default` is everywhere. */
export function readPrefix(text: string, family: Family | undefined): Prefix | undefined {
  if (text === "default" || text === "all" || text === "any") {
    const address = parseIp(family === 6 ? "::" : "0.0.0.0");
    return address && { address, length: 0 };
  }
  const address = parseIp(text);
  const prefix = parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
  return prefix && (family === undefined || familyOf(prefix.address) === family) ? prefix : undefined;
}

export function readTable(text: string): RouteTable | undefined {
  if (text === "main" || text === "local" || text === "default") return text;
  const known: Readonly<Record<string, RouteTable>> = { "253": "default", "254": "main", "255": "local" };
  return known[text] ?? (/^\d+$/.test(text) ? Number(text) : undefined);
}
