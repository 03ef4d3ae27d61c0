/** `ip address add`, `change`, `replace`, `del` and `flush` (ip/ipaddress.c, ipaddr_modify). */

import { ok } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import { type Family, familyOf, type Ip, isV4, lastOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { AddressView, LinkView, NewAddress, Scope } from "@/lib/sim/kernel";
import { matchesAddress, matchesLink, readFilter } from "./address-show";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, garbage, invalid, kernelRefusal, noDevice, notHere } from "./outcome";

export type AddressVerb = "add" | "change" | "replace" | "delete";

type Given = {
  local: Prefix | undefined;
  /** Whether a length was written. */
  hasLength: boolean;
  peer: Prefix | undefined;
  broadcast: string | undefined;
  label: string | undefined;
  scope: Scope | undefined;
  device: string | undefined;
  noPrefixRoute: boolean;
  noDad: boolean;
};

const SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ["global", "global"],
  ["link", "link"],
  ["host", "host"],
  ["site", "site"],
  ["0", "global"],
  ["253", "link"],
  ["254", "host"],
]);

export function changeAddress(verb: AddressVerb, argv: Argv, context: Context): Checked<string> {
  const read = readAddress(argv, context);
  if (!read.ok) return read;
  const given = read.value;
  if (given.device === undefined) return failed('Not enough information: "dev" argument is required.', 1);
  const warning = verb === "delete" && given.local && !given.hasLength && isV4(given.local.address) ? wildcardWarning(given.local) : "";
  const link = context.findLink(given.device);
  if (!link) return noDevice(given.device);
  if (!given.local) return kernelRefusal({ errno: "EOPNOTSUPP" });

  const { links } = context.netns;
  if (verb === "delete") {
    const known = findAddress(links.addresses(link.index), given);
    const done = links.deleteAddress(link.index, known?.prefix ?? given.local);
    return done.ok ? ok(warning) : withWarning(warning, kernelRefusal(done.error));
  }
  const address = newAddress(given, given.local, link);
  const exists = links
    .addresses(link.index)
    .some(({ prefix }) => prefix.address === address.prefix.address && prefix.length === address.prefix.length);
  // Replacing renews lifetimes and flags; here there is nothing to renew.
  if (verb !== "add" && exists) return ok("");
  const done = links.addAddress(link.index, address);
  return done.ok ? ok("") : kernelRefusal(done.error);
}

function withWarning(warning: string, result: Checked<never>): Checked<never> {
  return result.ok ? result : { ok: false, error: { ...result.error, stderr: warning + result.error.stderr } };
}

function newAddress(given: Given, local: Prefix, link: LinkView): NewAddress {
  const length = given.peer?.length ?? local.length;
  const prefix: Prefix = { address: local.address, length };
  const broadcast = broadcastOf(given.broadcast, prefix);
  // On `lo`, what is not said to be wider is only this host's.
  const isHost = link.detail.kind === "loopback" && isV4(local.address);
  const scope = given.scope ?? (isHost ? "host" : undefined);
  return {
    prefix,
    ...(given.peer && given.peer.address !== local.address ? { peer: given.peer.address } : {}),
    ...(broadcast ? { broadcast } : {}),
    ...(scope ? { scope } : {}),
    ...(given.label === undefined ? {} : { label: given.label }),
    ...(given.noPrefixRoute ? { noPrefixRoute: true } : {}),
    ...(given.noDad ? { noDad: true } : {}),
  };
}

function broadcastOf(given: string | undefined, prefix: Prefix): Ip | undefined {
  if (given === "+") return prefix.length < 31 ? lastOf(prefix) : undefined;
  return given === undefined || given === "-" ? undefined : parseIp(given);
}

/** Without a length, the one that is there with this address (an old habit that iproute2 warns about). */
function findAddress(addresses: readonly AddressView[], { local, hasLength }: Given): AddressView | undefined {
  return hasLength ? undefined : addresses.find(({ prefix }) => prefix.address === local?.address);
}

function wildcardWarning({ address }: Prefix): string {
  return [
    "Warning: Executing wildcard deletion to stay compatible with old scripts.\n",
    `         Explicitly specify the prefix length (${address}/32) to avoid this warning.\n`,
    "         This special behaviour is likely to disappear in further releases,\n",
    "         fix your scripts!\n",
  ].join("");
}

function readAddress(argv: Argv, context: Context): Checked<Given> {
  const given: Given = {
    local: undefined,
    hasLength: false,
    peer: undefined,
    broadcast: undefined,
    label: undefined,
    scope: undefined,
    device: undefined,
    noPrefixRoute: false,
    noDad: false,
  };
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "noprefixroute":
        given.noPrefixRoute = true;
        continue;
      case "nodad":
        given.noDad = true;
        continue;
      case "home":
      case "mngtmpaddr":
      case "autojoin":
      case "optimistic":
        return notHere(`ip address' flag ${word}`);
      case "valid_lft":
      case "preferred_lft": {
        const life = argv.value();
        if (!life.ok) return life;
        if (life.value !== "forever" && !/^\d+$/.test(life.value)) return invalid(life.value, `${word} value`);
        if (life.value !== "forever") return notHere("an address with a limited lifetime");
        continue;
      }
      case "metric":
      case "priority":
      case "preference":
      case "proto":
      case "anycast":
        return notHere(`ip address' option ${word}`);
      case "peer":
      case "remote": {
        const text = argv.value();
        if (!text.ok) return text;
        const peer = readPrefix(text.value, context);
        if (!peer.ok) return peer;
        given.peer = peer.value;
        continue;
      }
      case "broadcast":
      case "brd": {
        const text = argv.value();
        if (!text.ok) return text;
        if (text.value !== "+" && text.value !== "-" && !parseIp(text.value))
          return failed(`Error: inet address is expected rather than "${text.value}".`, 1);
        given.broadcast = text.value;
        continue;
      }
      case "scope": {
        const text = argv.value();
        if (!text.ok) return text;
        given.scope = SCOPES.get(text.value);
        if (!given.scope) return invalid(text.value, "invalid scope value.\n");
        continue;
      }
      case "dev": {
        const text = argv.value();
        if (!text.ok) return text;
        given.device = text.value;
        continue;
      }
      case "label": {
        const text = argv.value();
        if (!text.ok) return text;
        given.label = text.value;
        continue;
      }
    }
    const text = word === "local" ? argv.value() : ok(word);
    if (!text.ok) return text;
    if (given.local) return garbage("local", text.value);
    const local = readPrefix(text.value, context);
    if (!local.ok) return local;
    given.local = local.value;
    given.hasLength = text.value.includes("/");
  }
  return ok(given);
}

function readPrefix(text: string, { options }: Context): Checked<Prefix> {
  const family: Family | undefined = options.family === "inet" ? 4 : options.family === "inet6" ? 6 : undefined;
  const address = parseIp(text);
  const prefix = parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
  if (prefix && (family === undefined || familyOf(prefix.address) === family)) return ok(prefix);
  return failed(`Error: ${family === 4 ? "inet" : family === 6 ? "inet6" : "any valid"} prefix is expected rather than "${text}".`, 1);
}

/** Removes what `show` with the same words would list. */
export function flushAddresses(argv: Argv, context: Context): Checked<void> {
  if (argv.isEmpty) return failed("Flush requires arguments.", 1);
  const filter = readFilter(argv, context);
  if (!filter.ok) return filter;
  const { links } = context.netns;
  let removed = 0;
  for (const link of links.links()) {
    if (!matchesLink(filter.value, link)) continue;
    for (const address of links.addresses(link.index)) {
      if (!matchesAddress(filter.value, address)) continue;
      // A secondary address goes with its primary one.
      const isStillThere = links
        .addresses(link.index)
        .some(({ prefix }) => prefix.address === address.prefix.address && prefix.length === address.prefix.length);
      const done = isStillThere ? links.deleteAddress(link.index, address.prefix) : ok(undefined);
      if (!done.ok) return failed(`Failed to send flush request: ${strerror(done.error.errno)}`, 1);
      removed++;
    }
  }
  if (context.options.stats > 0) {
    context.out.text(
      removed === 0 ? "Nothing to flush.\n" : `\n*** Round 1, deleting ${removed} addresses ***\n*** Flush is complete after 1 round ***\n`,
    );
  }
  return ok(undefined);
}
