"use client";

import { type CSSProperties, useState } from "react";
import { type BoxDrawing, type Drawing, type HostDrawing, type Point, type RailDrawing } from "./layout";
import { type ContainerModel, portLines, stateWords } from "./model";
import styles from "./picture.module.css";

const colour = (index: number): CSSProperties => ({ "--net": `var(--net-${index})` }) as CSSProperties;
const shift = ({ x, y }: Point): CSSProperties => ({ transform: `translate(${x}px, ${y}px)` });

/** A path that moves to its new course where the browser can (`d` as a property); elsewhere it jumps. */
function Line({
  points,
  className,
  isDrawn,
}: {
  readonly points: readonly Point[];
  readonly className: string | undefined;
  readonly isDrawn?: boolean;
}) {
  const d = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  return (
    <path className={className} d={d} pathLength={1} style={{ d: `path("${d}")` } as CSSProperties} data-drawn={isDrawn ? "" : undefined} />
  );
}

/** Enough of a text for its room; the whole stands in the details. */
function clip(text: string, width: number, perCharacter: number): string {
  const most = Math.max(Math.floor(width / perCharacter), 3);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const MONO = 6.65;
const SANS = 7.4;

export function Outside({ drawing: { outside, hosts } }: { readonly drawing: Drawing }) {
  const isWide = outside.height > 50;
  const gateway = hosts[0]?.host.uplink?.gateway ?? "";
  return (
    <g className={styles.outside} role="img" aria-label={`Outside: gateway ${gateway}, and the Internet behind it`}>
      <rect x={outside.x + 0.5} y={outside.y + 0.5} width={outside.width - 1} height={outside.height - 1} rx="3" />
      <text x={outside.x + 11} y={outside.y + (isWide ? 24 : 25)} className={styles.small}>
        {isWide ? "Internet, by" : "Internet, by gateway"}
      </text>
      <text
        x={isWide ? outside.x + 11 : outside.x + outside.width - 11}
        y={outside.y + (isWide ? 42 : 25)}
        textAnchor={isWide ? "start" : "end"}
        className={styles.mono}
      >
        {gateway}
      </text>
    </g>
  );
}

export function Host({ drawing: { host, frame, uplink, cable, spine } }: { readonly drawing: HostDrawing }) {
  return (
    <g>
      <rect className={styles.frame} x={frame.x + 0.5} y={frame.y + 0.5} width={frame.width - 1} height={frame.height - 1} rx="3" />
      <Line points={cable} className={styles.cable} />
      <Line points={spine} className={styles.spine} />
      <rect className={styles.card} x={uplink.x - 5} y={uplink.y - 5} width="10" height="10" rx="1.5" />
      <text className={styles.hostName} x={frame.x + (uplink.x === frame.x ? 14 : 34)} y={frame.y + 24}>
        {host.name}
        <tspan className={styles.mono} dx="10">
          {host.uplink ? `${host.uplink.link} ${host.uplink.address}` : "no way out"}
        </tspan>
      </text>
    </g>
  );
}

type RailProps = {
  readonly rail: RailDrawing;
  readonly isNew: boolean;
  readonly isLeaving: boolean;
  readonly onDetail: (is: boolean) => void;
};

export function Rail({ rail: { network, box, tap, line }, isNew, isLeaving, onDetail }: RailProps) {
  const [entered] = useState(isNew);
  const label = `Network ${network.name}, driver ${network.driver}${network.subnet ? `, ${network.subnet}` : ""}${network.isInternal ? ", internal" : ""}`;
  return (
    <g className={styles.rail} style={colour(network.colour)} data-new={entered ? "" : undefined} data-leaving={isLeaving ? "" : undefined}>
      {network.isInternal ? null : <Line points={tap} className={styles.tap} isDrawn={entered} />}
      <Line points={line} className={styles.bus} isDrawn={entered} />
      <g className={styles.moves} style={shift(box)}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its details show on focus */}
        <g
          className={styles.bridge}
          role="img"
          aria-label={label}
          tabIndex={0}
          onFocus={() => onDetail(true)}
          onBlur={() => onDetail(false)}
          onPointerEnter={() => onDetail(true)}
          onPointerLeave={() => onDetail(false)}
        >
          <rect width={box.width} height={box.height} rx="3" />
          <rect className={styles.stripe} width="4" height={box.height} />
          <text x="14" y="18" className={styles.name}>
            {clip(network.name, box.width - 60, SANS)}
          </text>
          <text x={box.width - 10} y="18" textAnchor="end" className={styles.small}>
            {network.isInternal ? "internal" : network.driver}
          </text>
          <text x="14" y="34" className={styles.mono}>
            {clip(network.subnet, box.width - 20, MONO)}
          </text>
        </g>
      </g>
    </g>
  );
}

type BoxProps = {
  readonly drawing: BoxDrawing;
  readonly isNew: boolean;
  readonly isLeaving: boolean;
  readonly onDetail: (is: boolean) => void;
};

export function Box({ drawing: { container, box, links }, isNew, isLeaving, onDetail }: BoxProps) {
  const [entered] = useState(isNew);
  const room = box.width - 32;
  const first = 46;
  const ports = portLines(container.ports);
  const extra = [
    ...(ports.length > 0 ? [`${ports[0]}${ports.length > 1 ? ` +${ports.length - 1}` : ""}`] : []),
    ...(container.mode === "host"
      ? ["host's network"]
      : container.mode === "none"
        ? ["lo only"]
        : container.mode === "shared"
          ? ["shared network"]
          : []),
    ...(container.otherLinks.length > 0 && container.mode !== "host" ? [`and ${container.otherLinks.join(", ")}`] : []),
  ];
  return (
    <g data-new={entered ? "" : undefined} data-leaving={isLeaving ? "" : undefined} className={styles.container}>
      {links.map((link) => (
        <Veth key={link.attachment.network} link={link} isNew={isNew} />
      ))}
      <g className={styles.moves} style={shift(box)}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its details show on focus */}
        <g
          className={styles.box}
          data-state={container.state}
          role="img"
          aria-label={containerWords(container)}
          tabIndex={0}
          onFocus={() => onDetail(true)}
          onBlur={() => onDetail(false)}
          onPointerEnter={() => onDetail(true)}
          onPointerLeave={() => onDetail(false)}
        >
          <rect width={box.width} height={box.height} rx="3" />
          <text x="12" y="18" className={styles.name}>
            {clip(container.name, box.width - 20, SANS)}
          </text>
          <text x="12" y="33" className={styles.small}>
            {clip(container.state === "running" ? container.image : `${container.image}, ${stateWords(container)}`, box.width - 20, 6.2)}
          </text>
          {container.attachments.map(({ network, colour: index, address, link }, at) => (
            <g key={network} style={colour(index)} transform={`translate(0 ${first + 4 + at * 16})`}>
              <circle className={styles.end} cx="15" cy="-4" r="3" />
              <text x="24" className={styles.mono}>
                {clip(`${link} ${address}`, room, MONO)}
              </text>
            </g>
          ))}
          {extra.map((text, at) => (
            <text key={text} x="12" y={first + 4 + (container.attachments.length + at) * 16} className={styles.mono} data-extra="">
              {clip(text, box.width - 20, MONO)}
            </text>
          ))}
        </g>
      </g>
    </g>
  );
}

/** The veth pair: drawn from the container to the bridge when it is plugged in. */
function Veth({ link: { attachment, inside, port }, isNew }: { readonly link: BoxDrawing["links"][number]; readonly isNew: boolean }) {
  const [entered] = useState(isNew);
  return (
    <g style={colour(attachment.colour)} data-new={entered ? "" : undefined} className={styles.veth}>
      <Line points={[inside, port]} className={styles.halo} />
      <Line points={[inside, port]} className={styles.wire} isDrawn={entered} />
      <circle className={styles.port} r="4.5" style={shift(port)} />
    </g>
  );
}

export function containerWords(container: ContainerModel): string {
  const ends = container.attachments.map(({ link, address, networkName }) => `${link} ${address} on ${networkName}`);
  const mode =
    container.mode === "host"
      ? ["shares the host's network"]
      : container.mode === "none"
        ? ["no network"]
        : container.mode === "shared"
          ? ["shares another container's network"]
          : [];
  const ports = portLines(container.ports).map((line) => `publishes ${line}`);
  return [`Container ${container.name}`, container.image, stateWords(container), ...ends, ...mode, ...ports].join(", ");
}
