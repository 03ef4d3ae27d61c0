/** One file as `find -ls` lists it. */

import type { FileStat, Sys } from "@/lib/sim/core/sys";
import { modeText } from "../command/file-mode";
import { formatDate } from "./date";
import { groupName, userName } from "./identity";

export function modeLine(sys: Sys, stat: FileStat): string {
  const when = formatDate(sys.dateMs - (sys.now - stat.modifiedAt) / 1_000, "%b %e %H:%M");
  const size = stat.device ? `${stat.device[0]}, ${stat.device[1]}` : String(stat.size);
  return `${modeText(stat.kind, stat.mode)} ${String(stat.links).padStart(3)} ${(userName(sys, stat.uid) ?? String(stat.uid)).padEnd(8)} ${(groupName(sys, stat.gid) ?? String(stat.gid)).padEnd(8)} ${size.padStart(8)} ${when}`;
}
