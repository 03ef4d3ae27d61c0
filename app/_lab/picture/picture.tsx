"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import type { WorldSnapshot } from "@/lib/sim";
import type { WorldClient } from "../world-client";
import { type Detail, DetailPanel, NetworkDetail, ContainerDetail } from "./details";
import { Box, Host, Outside, Rail } from "./parts";
import { layOut, NARROW_BELOW } from "./layout";
import { modelOf } from "./model";
import { PictureText } from "./picture-text";
import { usePackets } from "./use-packets";
import { usePresence } from "./use-presence";
import styles from "./picture.module.css";

/** Smaller than this nobody reads the addresses. */
const SMALLEST = 0.8;

type Props = { readonly client: WorldClient; readonly snapshot: WorldSnapshot | undefined };

/** The network of a world, as a drawing or as text. */
export function Picture({ client, snapshot }: Props) {
  const [form, setForm] = useState<"drawing" | "text">("drawing");
  return (
    <section className={styles.picture} aria-label="The network">
      <div className={styles.bar}>
        <h2>The network</h2>
        <div className={styles.forms} role="group" aria-label="Show as">
          {(["drawing", "text"] as const).map((option) => (
            <button key={option} type="button" aria-pressed={form === option} onClick={() => setForm(option)}>
              {option === "drawing" ? "Drawing" : "Text"}
            </button>
          ))}
        </div>
      </div>
      {snapshot === undefined ? (
        <p className={styles.waiting}>The host is booting.</p>
      ) : form === "text" ? (
        <PictureText model={modelOf(snapshot)} />
      ) : (
        <DrawingView client={client} snapshot={snapshot} />
      )}
    </section>
  );
}

function DrawingView({ client, snapshot }: { readonly client: WorldClient; readonly snapshot: WorldSnapshot }) {
  const [room, setRoom] = useState<{ readonly width: number; readonly height: number }>();
  const [detail, setDetail] = useState<Detail>();
  const [isFirst, setIsFirst] = useState(true);
  const frame = useRef<HTMLDivElement>(null);
  const packets = useRef<SVGGElement>(null);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setRoom({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // What is there at first stands still; what comes later shows where it came from.
  useEffect(() => {
    if (room) setIsFirst(false);
  }, [room]);

  const model = useMemo(() => modelOf(snapshot), [snapshot]);
  const drawing = useMemo(() => layOut(model, Math.max(room?.width ?? 640, 260)), [model, room?.width]);
  // A wide drawing is shown smaller before it has to be scrolled; a narrow one scrolls as a list does.
  const scale =
    room && drawing.width >= NARROW_BELOW ? Math.max(Math.min(1, room.width / drawing.width, room.height / drawing.height), SMALLEST) : 1;
  const losses = usePackets(client, drawing, packets);
  const rails = usePresence(
    drawing.hosts.flatMap((host) => host.rails.map((rail) => ({ key: `${host.host.name} ${rail.network.id}`, ...rail }))),
  );
  const boxes = usePresence(
    drawing.hosts.flatMap((host) => host.boxes.map((box) => ({ key: `${host.host.name} ${box.container.id}`, ...box }))),
  );
  const isNew = !isFirst;

  return (
    <>
      <div className={styles.scroll} ref={frame} tabIndex={-1}>
        {room && (
          <svg
            className={styles.svg}
            width={drawing.width * scale}
            height={drawing.height * scale}
            viewBox={`0 0 ${drawing.width} ${drawing.height}`}
            role="group"
            aria-label="Drawing of the network; choose Text for the same in words"
          >
            <Outside drawing={drawing} />
            {drawing.hosts.map((host) => (
              <Host key={host.host.name} drawing={host} />
            ))}
            {rails.map(({ item, isLeaving }) => (
              <Rail
                key={item.key}
                rail={item}
                isNew={isNew}
                isLeaving={isLeaving}
                onDetail={(is) => setDetail(is ? { kind: "network", id: item.network.id } : undefined)}
              />
            ))}
            {boxes.map(({ item, isLeaving }) => (
              <Box
                key={item.key}
                drawing={item}
                isNew={isNew}
                isLeaving={isLeaving}
                onDetail={(is) => setDetail(is ? { kind: "container", id: item.container.id } : undefined)}
              />
            ))}
            <g ref={packets} className={styles.packets} aria-hidden="true" />
            {losses.map(
              ({ id, point }) =>
                point && (
                  <g key={id} className={styles.loss} transform={`translate(${point.x} ${point.y})`} aria-hidden="true">
                    <circle r="11" />
                    <path d="M-4.5-4.5l9 9M4.5-4.5l-9 9" />
                  </g>
                ),
            )}
          </svg>
        )}
      </div>
      {detail && (
        <DetailPanel>
          {detail.kind === "network" ? (
            <NetworkDetail model={model} id={detail.id} />
          ) : (
            <ContainerDetail model={model} id={detail.id} snapshot={snapshot} />
          )}
        </DetailPanel>
      )}
      <div className={styles.losses} role="status">
        {losses.length > 0 && <p>{losses.at(-1)?.text}</p>}
      </div>
    </>
  );
}
