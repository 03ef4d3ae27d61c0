/** A request for a network: its defaults, and which settings go together (moby's daemon/libnetwork/network.go, validateConfiguration). */

import { DONE, type Result } from "@/lib/base/result";
import type { CnmError, NewNetwork } from "./contract";
import { forbidden } from "./error";
import type { NetworkSettings } from "./network";
import { checkAdvertisement } from "./network-options";

export function settingsOf(request: NewNetwork, created: NetworkSettings["created"]): NetworkSettings {
  const { id, name, internal: isInternal, attachable, ingress, configOnly, ipam, options, labels } = request;
  return {
    id,
    name,
    created,
    driver: request.driver === "" ? "bridge" : request.driver,
    scope: request.scope ?? "",
    enableIpv4: request.enableIpv4 ?? true,
    enableIpv6: request.enableIpv6 ?? false,
    internal: isInternal,
    attachable,
    ingress,
    configOnly,
    configFrom: request.configFrom ?? "",
    ipam: { ...ipam, driver: ipam.driver === "" ? "default" : ipam.driver },
    options,
    labels,
  };
}

/** Which settings go together. */
export function checkConfiguration(request: NewNetwork): Result<void, CnmError> {
  const { configOnly, ingress, internal: isInternal, attachable, scope, configFrom, ipam, labels, options } = request;
  if (configOnly && (ingress || isInternal || attachable || (scope ?? "") !== "")) {
    return forbidden(
      "configuration network can only contain network specific fields. Network operator fields like [ ingress | internal | attachable | scope ] are not supported.",
    );
  }
  if ((configFrom ?? "") === "") return checkAdvertisement(options);
  if (configOnly) return forbidden("a configuration network cannot depend on another configuration network");
  const isConfigured =
    (ipam.driver !== "" && ipam.driver !== "default") ||
    request.enableIpv4 === false ||
    request.enableIpv6 === true ||
    [labels, ipam.options].some((entries) => Object.keys(entries).length > 0) ||
    ipam.config.length > 0;
  if (isConfigured) return forbidden("user specified configurations are not supported if the network depends on a configuration network");
  if (Object.keys(options).length > 0)
    return forbidden("network driver options are not supported if the network depends on a configuration network");
  return DONE;
}
