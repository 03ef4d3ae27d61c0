/** The counters of `ip -s link` (ip/ipaddress.c, print_stats64). Only packets, bytes and drops are counted here; the rest is zero. */

import type { LinkView } from "@/lib/sim/kernel";
import type { Context } from "./context";

/** Column widths before numbers make them wider. */
const WIDTHS = { bytes: 10, packets: 7, errors: 6, dropped: 7, fifth: 7, sixth: 7 } as const;

export function printStats({ stats }: LinkView, { out, options }: Context): void {
  const rows = [
    {
      title: "RX",
      columns: ["missed", "mcast"],
      keys: ["over_errors", "multicast"],
      bytes: stats.rxBytes,
      packets: stats.rxPackets,
      dropped: stats.rxDropped,
    },
    {
      title: "TX",
      columns: ["carrier", "collsns"],
      keys: ["carrier_errors", "collisions"],
      bytes: stats.txBytes,
      packets: stats.txPackets,
      dropped: stats.txDropped,
    },
  ] as const;
  const width = (least: number, values: readonly number[]): number => Math.max(least, ...values.map((value) => String(value).length));
  const bytes = width(
    WIDTHS.bytes,
    rows.map((row) => row.bytes),
  );
  const packets = width(
    WIDTHS.packets,
    rows.map((row) => row.packets),
  );
  const dropped = width(
    WIDTHS.dropped,
    rows.map((row) => row.dropped),
  );
  out.object(() => {
    for (const row of rows) {
      const [fifth, sixth] = row.columns;
      out.text(
        `    ${row.title}: ${"bytes".padStart(bytes - 4)} ${"packets".padStart(packets)} ${"errors".padStart(WIDTHS.errors)} ${"dropped".padStart(dropped)} ${fifth.padStart(WIDTHS.fifth)} ${sixth.padStart(WIDTHS.sixth)} ${"".padStart(10)}${out.lineEnd}`,
      );
      out.object(() => {
        out.put("bytes", row.bytes, `    ${String(row.bytes).padStart(bytes)} `);
        out.put("packets", row.packets, `${String(row.packets).padStart(packets)} `);
        out.put("errors", 0, `${"0".padStart(WIDTHS.errors)} `);
        out.put("dropped", row.dropped, `${String(row.dropped).padStart(dropped)} `);
        out.put(row.keys[0], 0, `${"0".padStart(WIDTHS.fifth)} `);
        out.put(row.keys[1], 0, `${"0".padStart(WIDTHS.sixth)} ${row.title === "RX" || options.oneline ? out.lineEnd : "\n"}`);
      }, row.title.toLowerCase());
    }
  }, "stats64");
}
