"use client";

import { Bar, BarChart, LabelList, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, STILL, TICK, Tip } from "./looks";
import type { Bar as BarData } from "./plot";
import type { PlotProps } from "./plots";

/** Columns; those of a second part are hatched and stand on the first. */
export function BarsPlot({ label, plot, width, height }: PlotProps<"bars">) {
  const { bars, unit, parts, everyName, values } = plot;
  const sums = bars.map(({ value, more = 0 }) => value + more);
  const highest = Math.max(...sums, 1);
  const first = sums.indexOf(highest);
  const textAt = (at: number): string => {
    const sum = sums[at] ?? 0;
    return sum > 0 && (values === "all" || at === first) ? String(sum) : "";
  };
  // The value stands above what is on top.
  const data = bars.map((bar, at) => ({ ...bar, aboveValue: bar.more ? "" : textAt(at), aboveMore: bar.more ? textAt(at) : "" }));
  const edge = everyName > 1 ? 18 : 2;
  return (
    <BarChart
      width={width}
      height={height}
      data={data}
      margin={{ top: 20, right: edge, bottom: 0, left: edge }}
      barCategoryGap="18%"
      aria-label={label}
    >
      <defs>
        <pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--paper)" />
          <rect width="2" height="5" fill="var(--ink-2)" />
        </pattern>
      </defs>
      <XAxis dataKey="name" tick={TICK} axisLine={AXIS} tickLine={false} interval={everyName - 1} />
      <YAxis hide domain={[0, highest]} />
      <Tooltip
        {...STILL}
        cursor={{ fill: "var(--line)", fillOpacity: 0.5 }}
        content={({ active, payload }) => {
          const bar = active ? (payload[0]?.payload as BarData | undefined) : undefined;
          return bar ? (
            <Tip title={bar.title}>
              {parts ? `${parts[0]} ${bar.value} ${unit}, ${parts[1]} ${bar.more ?? 0} ${unit}` : `${bar.value} ${unit}`}
            </Tip>
          ) : null;
        }}
      />
      <Bar dataKey="value" stackId="all" fill="var(--ink-2)" maxBarSize={28} {...STILL}>
        <LabelList dataKey="aboveValue" position="top" fill="var(--ink)" fontSize={12} />
      </Bar>
      {parts && (
        <Bar dataKey="more" stackId="all" fill="url(#hatched)" stroke="var(--ink-2)" strokeWidth={0.5} maxBarSize={28} {...STILL}>
          <LabelList dataKey="aboveMore" position="top" fill="var(--ink)" fontSize={12} />
        </Bar>
      )}
    </BarChart>
  );
}
