"use client";

import type { ReactNode } from "react";
import type { WorldSnapshot } from "@/lib/sim";
import { type PictureModel, portLines, stateWords } from "./model";
import styles from "./picture.module.css";

export type Detail = { readonly kind: "network" | "container"; readonly id: string };

export function DetailPanel({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.detail} aria-hidden="true">
      {children}
    </div>
  );
}

export function NetworkDetail({ model, id }: { readonly model: PictureModel; readonly id: string }) {
  const host = model.hosts.find(({ networks }) => networks.some((network) => network.id === id));
  const network = host?.networks.find((candidate) => candidate.id === id);
  if (!host || !network) return null;
  const members = host.containers.filter(({ attachments }) => attachments.some((attachment) => attachment.network === id));
  return (
    <Facts
      title={network.name}
      facts={[
        ["driver", network.isInternal ? `${network.driver}, internal` : network.driver],
        ["bridge", network.bridge],
        ["subnet", network.subnet],
        ["gateway", network.gateway],
        ["id", network.id.slice(0, 12)],
        ["containers", members.map(({ name }) => name).join(", ") || "none"],
      ]}
    />
  );
}

export function ContainerDetail({
  model,
  id,
  snapshot,
}: {
  readonly model: PictureModel;
  readonly id: string;
  readonly snapshot: WorldSnapshot;
}) {
  const host = model.hosts.find(({ containers }) => containers.some((container) => container.id === id));
  const container = host?.containers.find((candidate) => candidate.id === id);
  if (!host || !container) return null;
  const namespaces = snapshot.hosts.find(({ name }) => name === host.name)?.namespaces;
  const route =
    container.netns === undefined
      ? undefined
      : namespaces?.[container.netns]?.routes.find(({ destination, gateway }) => destination.length === 0 && gateway);
  return (
    <Facts
      title={container.name}
      facts={[
        ["image", container.image],
        ["state", stateWords(container)],
        ["id", container.id.slice(0, 12)],
        ...container.attachments.flatMap(({ link, address, mac, networkName, hostLink }): [string, string][] => [
          [link, `${address} on ${networkName}`],
          ["", `${mac}${hostLink ? `, peer ${hostLink}` : ""}`],
        ]),
        ["default via", route?.gateway],
        ...portLines(container.ports).map((line): [string, string] => ["publishes", line]),
      ]}
    />
  );
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly (readonly [string, string | undefined])[] }) {
  return (
    <>
      <p>{title}</p>
      <dl>
        {facts.map(([name, value], at) =>
          value ? (
            <div key={`${name} ${at}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </>
  );
}
