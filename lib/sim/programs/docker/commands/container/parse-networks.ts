/**
 * `--network`, in its short and its long form, together with the flags that belong to the first network (`--ip`, `--link`,
 * `--network-alias`, `--mac-address`). Follows docker/cli cli/command/container/opts.go (`parseNetworkOpts`).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { EndpointSettings } from "@/lib/sim/api";
import type { FlagSet } from "../../cobra/flag";
import { quote } from "../../gotemplate";
import { isMac } from "../../opts/address";
import { isUserDefined, type NetworkAttachment, parseNetwork } from "../../opts/network";
import { orNull } from "./or-null";

type Endpoints = Record<string, Partial<EndpointSettings>>;

/** The network mode, and the endpoints that the request names. */
export function parseNetworks(flags: FlagSet): Result<{ readonly mode: string; readonly endpoints: Endpoints }, string> {
  const attachments: NetworkAttachment[] = [];
  for (const text of flags.list("network")) {
    const parsed = parseNetwork(text);
    if (!parsed.ok) return parsed;
    attachments.push(parsed.value);
  }
  const endpoints: Endpoints = {};
  if (attachments.length === 0) {
    const main = withFlags(
      { target: "default", aliases: [], driverOptions: {}, ipv4: "", ipv6: "", linkLocal: [], mac: "", gwPriority: 0 },
      flags,
    );
    if (!main.ok) return main;
    const endpoint = endpointOf(main.value);
    if (!endpoint.ok) return endpoint;
    return ok({ mode: "default", endpoints: { default: endpoint.value } });
  }
  let hasUserDefined = false;
  let hasOther = false;
  for (const [i, attachment] of attachments.entries()) {
    if (isUserDefined(attachment.target)) hasUserDefined = true;
    else hasOther = true;
    const full = i === 0 ? withFlags(attachment, flags) : ok({ ...attachment, links: [] });
    if (!full.ok) return full;
    const endpoint = endpointOf(full.value);
    if (!endpoint.ok) return endpoint;
    if (Object.hasOwn(endpoints, attachment.target)) return fail(`network ${quote(attachment.target)} is specified multiple times`);
    // A single network without options of its own is left to the daemon.
    if (attachments.length === 1 && isPlain(full.value)) continue;
    endpoints[attachment.target] = endpoint.value;
  }
  if (hasUserDefined && hasOther) return fail("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
  return ok({ mode: attachments[0]?.target ?? "default", endpoints });
}

type FullAttachment = NetworkAttachment & { readonly links: readonly string[] };

/** With `--network-alias`, `--ip`, `--link` and the like, which belong to the first network. */
function withFlags(given: NetworkAttachment, flags: FlagSet): Result<FullAttachment, string> {
  const aliases = flags.list("network-alias");
  const linkLocal = flags.list("link-local-ip");
  const conflict = (flag: string, what: string): Result<never, string> =>
    fail(`conflicting options: cannot specify both --${flag} and per-network ${what}`);
  if (given.aliases.length > 0 && aliases.length > 0) return conflict("network-alias", "alias");
  if (given.ipv4 !== "" && flags.text("ip") !== "") return conflict("ip", "IPv4 address");
  if (given.ipv6 !== "" && flags.text("ip6") !== "") return conflict("ip6", "IPv6 address");
  if (given.mac !== "" && flags.text("mac-address") !== "") return conflict("mac-address", "MAC address");
  if (given.linkLocal.length > 0 && linkLocal.length > 0) return conflict("link-local-ip", "link-local IP addresses");
  return ok({
    ...given,
    aliases: aliases.length > 0 ? aliases : given.aliases,
    // On the default bridge --link is the container's, on others the endpoint's.
    links: isUserDefined(given.target) ? flags.list("link") : [],
    ipv4: flags.text("ip") || given.ipv4,
    ipv6: flags.text("ip6") || given.ipv6,
    mac: flags.text("mac-address") || given.mac,
    linkLocal: linkLocal.length > 0 ? linkLocal : given.linkLocal,
  });
}

function isPlain(attachment: FullAttachment): boolean {
  const { aliases, links, driverOptions, ipv4, ipv6, linkLocal, mac, gwPriority } = attachment;
  return (
    aliases.length + links.length + linkLocal.length + Object.keys(driverOptions).length === 0 &&
    ipv4 + ipv6 + mac === "" &&
    gwPriority === 0
  );
}

function endpointOf(attachment: FullAttachment): Result<Partial<EndpointSettings>, string> {
  const { target, aliases, links, driverOptions, ipv4, ipv6, linkLocal, mac, gwPriority } = attachment;
  if (target.trim() === "") return fail("no name set for network");
  if (!isUserDefined(target)) {
    if (aliases.length > 0) return fail("network-scoped aliases are only supported for user-defined networks");
    if (links.length > 0) return fail("links are only supported for user-defined networks");
  }
  if (mac !== "" && !isMac(mac.trim())) return fail(`${mac} is not a valid mac address`);
  const hasAddress = ipv4 !== "" || ipv6 !== "" || linkLocal.length > 0;
  return ok({
    IPAMConfig: hasAddress
      ? {
          ...(ipv4 === "" ? {} : { IPv4Address: ipv4 }),
          ...(ipv6 === "" ? {} : { IPv6Address: ipv6 }),
          ...(linkLocal.length > 0 ? { LinkLocalIPs: linkLocal } : {}),
        }
      : null,
    Links: orNull(links),
    Aliases: orNull(aliases),
    MacAddress: mac,
    DriverOpts: Object.keys(driverOptions).length > 0 ? driverOptions : null,
    GwPriority: gwPriority,
  });
}
