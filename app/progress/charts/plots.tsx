"use client";

import { unreachable } from "@/lib/base/invariant";
import { BarsPlot } from "./bars-plot";
import { CoursePlot } from "./course-plot";
import { EstimatesPlot } from "./estimates-plot";
import { heightOf, type Plot } from "./plot";
import { ScoresPlot } from "./scores-plot";

export type PlotProps<K extends Plot["kind"]> = {
  readonly label: string;
  readonly plot: Extract<Plot, { readonly kind: K }>;
  readonly width: number;
  readonly height: number;
};

/** All plots, in one chunk. */
export default function Plots({ label, plot, width }: { readonly label: string; readonly plot: Plot; readonly width: number }) {
  const frame = { label, width, height: heightOf(plot) };
  switch (plot.kind) {
    case "bars":
      return <BarsPlot {...frame} plot={plot} />;
    case "estimates":
      return <EstimatesPlot {...frame} plot={plot} />;
    case "course":
      return <CoursePlot {...frame} plot={plot} />;
    case "scores":
      return <ScoresPlot {...frame} plot={plot} />;
    default:
      return unreachable(plot);
  }
}
