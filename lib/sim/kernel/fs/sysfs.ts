/**
 * /sys: sysfs(5), as far as network interfaces go: /sys/class/net. What is there of one interface is in sysfs-link.ts.
 *
 * Linux: net/core/net-sysfs.c. Which interfaces are shown is decided by the network namespace in which /sys was mounted, as
 * in Linux: after `nsenter -n` it is still the host's (`ip netns exec` mounts it anew).
 */

import type { LinkView } from "../net/rtnetlink";
import { linkDirectory } from "./sysfs-link";
import { computed, directory, link, type Provider, type SyntheticDirectory } from "./synthetic";
import type { Viewer } from "./viewer";

const EMPTY = (): SyntheticDirectory => directory({});

export const sysfs: Provider = (viewer) =>
  directory({
    block: EMPTY,
    bus: EMPTY,
    class: () => directory({ net: () => classNet(viewer) }),
    dev: EMPTY,
    devices: () => directory({ virtual: () => directory({ net: () => devices(viewer) }) }),
    firmware: EMPTY,
    fs: () => directory({ cgroup: EMPTY }),
    kernel: EMPTY,
    module: () => directory({ br_netfilter: EMPTY, bridge: EMPTY, nf_conntrack: EMPTY, overlay: EMPTY, vxlan: EMPTY }),
    power: EMPTY,
  });

function links(viewer: Viewer): readonly LinkView[] {
  return viewer.sysfsNetns.links.links();
}

function classNet(viewer: Viewer): SyntheticDirectory {
  return computed(
    () => links(viewer).map((one) => one.name),
    (name) => (links(viewer).some((one) => one.name === name) ? link(() => `../../devices/virtual/net/${name}`) : undefined),
    0o755,
  );
}

/** Every interface is a virtual device here; on bare metal a network card would be below its PCI bus. */
function devices(viewer: Viewer): SyntheticDirectory {
  return computed(
    () => links(viewer).map((one) => one.name),
    (name) => {
      const found = links(viewer).find((one) => one.name === name);
      return found && linkDirectory(viewer, found);
    },
    0o755,
  );
}
