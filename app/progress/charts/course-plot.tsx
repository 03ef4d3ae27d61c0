"use client";

import { Area, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, PERCENT_SIGN, STILL, TICK, Tip } from "./looks";
import { shortDay } from "./plot";
import type { PlotProps } from "./plots";

type Point = PlotProps<"course">["plot"]["points"][number];

/** The mean as a line in the band of its range; the last value stands at its end. */
export function CoursePlot({ label, plot, width, height }: PlotProps<"course">) {
  const data = plot.points.map((point) => ({ ...point, range: [point.low, point.high] }));
  const last = plot.points.at(-1);
  const ticks = [plot.points[0]?.at, plot.points[Math.floor(plot.points.length / 2)]?.at, last?.at].filter((at) => at !== undefined);
  return (
    <ComposedChart width={width} height={height} data={data} margin={{ top: 8, right: 44, bottom: 0, left: 0 }} aria-label={label}>
      <XAxis
        dataKey="at"
        type="number"
        domain={["dataMin", "dataMax"]}
        ticks={[...new Set(ticks)]}
        tickFormatter={(at: number) => (at === last?.at ? "today" : shortDay(at))}
        tick={TICK}
        axisLine={AXIS}
        tickLine={false}
      />
      <YAxis domain={[0, 100]} ticks={[0, 50, 100]} tick={TICK} axisLine={false} tickLine={false} width={44} unit={PERCENT_SIGN} />
      <Tooltip
        {...STILL}
        cursor={{ stroke: "var(--line-2)" }}
        content={({ active, payload }) => {
          const point = active ? (payload[0]?.payload as Point | undefined) : undefined;
          return point ? (
            <Tip title={shortDay(point.at)}>
              {point.mean} %, range {point.low}–{point.high} %
            </Tip>
          ) : null;
        }}
      />
      <Area dataKey="range" stroke="none" fill="var(--line)" fillOpacity={0.8} activeDot={false} {...STILL} />
      <Line
        dataKey="mean"
        stroke="var(--ink)"
        strokeWidth={2}
        activeDot={false}
        // Only the last has one: its value.
        dot={({ cx = 0, cy = 0, index }) =>
          index === plot.points.length - 1 ? (
            <text key={index} x={cx + 6} y={cy} dy="0.35em" fill="var(--ink)" fontSize={13} fontWeight={550}>
              {last?.mean} %
            </text>
          ) : (
            <g key={index} />
          )
        }
        {...STILL}
      />
    </ComposedChart>
  );
}
