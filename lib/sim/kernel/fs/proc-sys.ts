/**
 * /proc/sys: sysctl(8) as files. What is under net/ is the settings of the viewer's network namespace; the rest is the
 * machine's, and its uts namespace's. Linux: kernel/sysctl.c, net/sysctl_net.c.
 *
 * Differs: of the machine's settings only those are there that say something in this simulator; they can be read, and
 * changed where a file here says so.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { RELEASE, VERSION } from "./proc";
import { directory, setting, type Synthetic, type SyntheticDirectory, text } from "./synthetic";
import type { Viewer } from "./viewer";

export function sysDirectory(viewer: Viewer): SyntheticDirectory {
  return directory({
    fs: () => directory({ "file-max": () => fixed("9223372036854775807"), nr_open: () => fixed("1048576") }),
    kernel: () => kernelDirectory(viewer),
    net: () => netSettings(viewer),
    vm: () => directory({ max_map_count: () => fixed("1048576"), overcommit_memory: () => fixed("0"), swappiness: () => fixed("60") }),
  });
}

function kernelDirectory(viewer: Viewer): SyntheticDirectory {
  const { uts } = viewer;
  const name = (get: () => string, set: (value: string) => void): Synthetic =>
    setting(
      () => ok(get()),
      (value) => {
        if (!viewer.may("SYS_ADMIN")) return fail("EPERM");
        set(value);
        return DONE;
      },
    );
  return directory({
    domainname: () =>
      name(
        () => uts.domainname || "(none)",
        (value) => {
          uts.domainname = value;
        },
      ),
    hostname: () =>
      name(
        () => uts.hostname,
        (value) => {
          uts.hostname = value;
        },
      ),
    osrelease: () => text(() => `${RELEASE}\n`),
    ostype: () => text(() => "Linux\n"),
    pid_max: () => fixed("4194304"),
    "threads-max": () => fixed("31303"),
    version: () => text(() => `${VERSION}\n`),
  });
}

/** A setting that can be read here; changing it is refused. */
function fixed(value: string): Synthetic {
  return setting(
    () => ok(value),
    (): Result<void, Errno> => fail("EINVAL"),
  );
}

/** The tree of names that the namespace's keys make: `net.ipv4.conf.eth0.forwarding` → net/ipv4/conf/eth0/forwarding. */
function netSettings(viewer: Viewer): SyntheticDirectory {
  const keys = viewer.netns
    .sysctls()
    .filter((key) => key.startsWith("net."))
    .map((key) => key.split(".").slice(1));
  return level(viewer, keys, ["net"]);
}

function level(viewer: Viewer, keys: readonly (readonly string[])[], path: readonly string[]): SyntheticDirectory {
  const depth = path.length - 1;
  const groups = new Map<string, (readonly string[])[]>();
  for (const key of keys) {
    const name = key[depth];
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(key);
    else groups.set(name, [key]);
  }
  return {
    kind: "directory",
    mode: 0o555,
    // A dot in an interface's name (eth0.50) is a slash in the key, as sysctl(8) writes it.
    names: () => [...groups.keys()].map((name) => name.replaceAll("/", ".")).sort(),
    find: (file) => {
      const name = file.replaceAll(".", "/");
      const group = groups.get(name);
      if (!group) return undefined;
      const isLeaf = group.length === 1 && group[0]?.length === depth + 1;
      return isLeaf ? leaf(viewer, [...path, name].join(".")) : level(viewer, group, [...path, name]);
    },
  };
}

function leaf(viewer: Viewer, key: string): Synthetic {
  return setting(
    () => viewer.netns.sysctl(key),
    (value) => (viewer.uid === 0 || viewer.may("NET_ADMIN") ? viewer.netns.setSysctl(key, value) : fail("EPERM")),
  );
}
