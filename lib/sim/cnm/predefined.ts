/**
 * Names that mean the networks which are always there: on them Docker's DNS server does not answer, and containers keep to
 * addresses (or to `--link`). Modelled on moby's api/types/container/hostconfig_unix.go (IsUserDefined).
 */

const PREDEFINED: ReadonlySet<string> = new Set(["bridge", "host", "none", "default"]);

export function isPredefined(name: string): boolean {
  return PREDEFINED.has(name);
}

/** The network that containers join unless they are told otherwise. */
export const DEFAULT_NETWORK = "bridge";
