"use client";

import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import styles from "./chart.module.css";
import { heightOf, type Plot } from "./plot";

/** The library of charts is as large as all else on the page: it comes when the first chart is near. */
const Plots = dynamic(() => import("./plots"), { ssr: false });

type Props = { readonly label: string; readonly plot: Plot };

/** Keeps a plot's place, and puts the plot there once it is nearly in view. */
export function LazyPlot({ label, plot }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        near.disconnect();
      },
      { rootMargin: "400px 0px" },
    );
    const size = new ResizeObserver(() => setWidth(element.clientWidth));
    const layers = new MutationObserver(() => keepOutOfTabOrder(element));
    near.observe(element);
    size.observe(element);
    layers.observe(element, { childList: true, subtree: true });
    return () => {
      near.disconnect();
      size.disconnect();
      layers.disconnect();
    };
  }, []);

  return (
    <div ref={place} className={styles.plot} style={{ height: heightOf(plot) }}>
      {isNear && width > 0 && <Plots label={label} plot={plot} width={width} />}
    </div>
  );
}

/**
 * Recharts draws into layers through React's portals; React listens to focus on each, and Chromium lets the Tab key stop at
 * whatever in an SVG listens to focus. Only the chart itself is to be such a stop.
 */
function keepOutOfTabOrder(element: HTMLElement): void {
  for (const layer of element.querySelectorAll("g[class^='recharts-zIndex-layer']:not([tabindex])")) layer.setAttribute("tabindex", "-1");
}
