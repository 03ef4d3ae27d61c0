/**
 * The sandbox of a container with `--network container:NAME`: it lives in another's namespace, and has nothing of its own.
 *
 * In moby such a container has no sandbox at all: SandboxID and SandboxKey are empty, and it cannot be connected to
 * networks (runconfig/errors.go).
 */

import type { Result } from "@/lib/base/result";
import type { Netns } from "@/lib/sim/kernel";
import type { CnmError, EndpointRequest, EndpointView, Sandbox } from "./contract";
import { internal, invalid } from "./error";

export class GuestSandbox implements Sandbox {
  readonly id = "";
  readonly key = "";
  readonly netns: Netns;
  readonly containerId: string;
  readonly endpoints: readonly EndpointView[] = [];
  readonly #leave: () => void;

  constructor(containerId: string, netns: Netns, leave: () => void) {
    this.containerId = containerId;
    this.netns = netns;
    this.#leave = leave;
  }

  connect(_network: string, _request: EndpointRequest): Result<EndpointView, CnmError> {
    return invalid("container sharing network namespace with another container or host cannot be connected to any other network");
  }

  disconnect(network: string): Result<void, CnmError> {
    return internal(`container ${this.containerId} is not connected to network ${network}`);
  }

  rename(_name: string, _dnsNames: (network: string) => readonly string[]): void {}

  delete(): void {
    this.#leave();
  }
}
