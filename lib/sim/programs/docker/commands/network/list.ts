/** `docker network ls`. Follows docker/cli cli/command/network/list.go and formatter.go. */

import type { NetworkInspect } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { formatListing, type Listing } from "../../format/listing";
import { compareNatural } from "../../format/natural";
import { shortId } from "../../format/tabwriter";
import { timeText } from "../../schema";
import { filtersParameter } from "../filters";

function listing(truncate: boolean): Listing<NetworkInspect> {
  return {
    type: "network.networkContext",
    fields: {
      CreatedAt: (network) => timeText(network.Created),
      Driver: (network) => network.Driver,
      ID: (network) => (truncate ? shortId(network.Id) : network.Id),
      IPv4: (network) => String(network.EnableIPv4),
      IPv6: (network) => String(network.EnableIPv6),
      Internal: (network) => String(network.Internal),
      Labels: (network) =>
        Object.entries(network.Labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
      Name: (network) => network.Name,
      Scope: (network) => network.Scope,
    },
    lookups: { Label: (network, name) => network.Labels?.[name] ?? "" },
    headers: {
      ID: "NETWORK ID",
      Name: "NAME",
      Driver: "DRIVER",
      Scope: "SCOPE",
      IPv4: "IPV4",
      IPv6: "IPV6",
      Internal: "INTERNAL",
      Labels: "LABELS",
      CreatedAt: "CREATED AT",
    },
  };
}

function formatOf(format: string, isQuiet: boolean): string {
  if (format === "table") return isQuiet ? "{{.ID}}" : "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
  if (format === "raw")
    return isQuiet ? "network_id: {{.ID}}" : "network_id: {{.ID}}\\nname: {{.Name}}\\ndriver: {{.Driver}}\\nscope: {{.Scope}}\\n";
  return format;
}

export const networkLs: Handler = function* ({ cli, flags }) {
  const networks = yield* cli.client.get<readonly NetworkInspect[]>("NetworkList", {
    query: { filters: filtersParameter(flags.filter("filter")) },
  });
  if (!networks.ok) return failureOf(networks.error);
  const isQuiet = flags.bool("quiet");
  const configured = isQuiet ? "" : cli.config.networksFormat;
  const format = flags.text("format") || configured || "table";
  const sorted = [...networks.value].sort((a, b) => compareNatural(a.Name, b.Name));
  const text = formatListing(listing(!flags.bool("no-trunc")), formatOf(format, isQuiet), sorted);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  return undefined;
};
