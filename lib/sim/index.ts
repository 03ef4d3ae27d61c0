/**
 * The simulator's door. The application imports nothing behind it.
 */

export { InvariantViolation } from "@/lib/base/invariant";
export { Random } from "./core/random";
export { EventLimitReached } from "./core/scheduler";
export { after, BOOT, type Duration, elapsed, type Instant, instantAt, micros, millis, seconds } from "./core/time";
export type { NetworkView, EndpointView } from "./cnm/contract";
export type { ContainerView } from "./engine";
export type { AddressView, DropReason, KernelEvent, LinkView, RouteView, Where } from "./kernel";
export { addressAfter, formatPrefix, overlaps, type Prefix, parsePrefix } from "./net/address";
export { type DockerForm, formOf, isSameForm } from "./programs/docker/form";
export { readDockerCommand } from "./read-command";
export { simpleCommandsIn } from "./shell/plain-words";
export type { CommandResult, WorldContract, WorldOptions } from "./world/contract";
export { dockerLedger, type HostProgram, hostPrograms, type LedgerCommand } from "./world/ledger";
export type { ProbeOutcome, ProbeReport, ProbeRequest, ProbeSource } from "./world/probe";
export type { HostSnapshot, NetnsSnapshot, WorldSnapshot } from "./world/snapshot";
export { type HostSpec, ONE_HOST, type Topology } from "./world/topology";
export type { TranscriptEntry } from "./world/transcript";
export { World } from "./world/world";
