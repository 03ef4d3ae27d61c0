/**
 * What the simulated kernel can limit: nothing. It has no cgroup controllers, like the machine of the recordings, so the
 * daemon says what it says on such a machine: `docker run -m` warns and drops the limit, `docker info` lists it.
 *
 * Modelled on moby's pkg/sysinfo. This is the place to change should limits ever be simulated.
 */

export const SYSINFO = {
  memoryLimit: false,
  swapLimit: false,
  memorySwappiness: false,
  memoryReservation: false,
  oomKillDisable: false,
  pidsLimit: false,
  cpuShares: false,
  cpuCfs: false,
  cpuRealtime: false,
  cpuset: false,
  blkioWeight: false,
  blkioWeightDevice: false,
  blkioReadBps: false,
  blkioWriteBps: false,
  blkioReadIops: false,
  blkioWriteIops: false,
} as const satisfies Readonly<Record<string, boolean>>;

/** `docker info`'s warnings for what is missing, in moby's order (daemon/info_unix.go). */
export const SYSINFO_WARNINGS: readonly string[] = [
  ...(SYSINFO.memoryLimit ? [] : ["No memory limit support"]),
  ...(SYSINFO.swapLimit ? [] : ["No swap limit support"]),
  ...(SYSINFO.cpuCfs ? [] : ["No cpu cfs quota support", "No cpu cfs period support"]),
  ...(SYSINFO.cpuShares ? [] : ["No cpu shares support"]),
  ...(SYSINFO.cpuset ? [] : ["No cpuset support"]),
  ...(SYSINFO.blkioWeight ? [] : ["No io.weight support"]),
  ...(SYSINFO.blkioWeightDevice ? [] : ["No io.weight (per device) support"]),
  ...(SYSINFO.blkioReadBps ? [] : ["No io.max (rbps) support"]),
  ...(SYSINFO.blkioWriteBps ? [] : ["No io.max (wbps) support"]),
  ...(SYSINFO.blkioReadIops ? [] : ["No io.max (riops) support"]),
  ...(SYSINFO.blkioWriteIops ? [] : ["No io.max (wiops) support"]),
].map((warning) => `WARNING: ${warning}`);

/** The machine: what `docker info` tells of it. */
export const MACHINE = {
  cpus: 2,
  memory: 4_108_996_608,
  kernelVersion: "6.12.48+deb13-amd64",
  operatingSystem: "Debian GNU/Linux 13 (trixie)",
} as const;
