"use client";

import { Bar, BarChart, type BarShapeProps, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, MARK, PERCENTS, PERCENT_SIGN, STILL, TICK, Tip } from "./looks";
import type { EstimateRow } from "./plot";
import type { PlotProps } from "./plots";

/** Wide enough for titles beside the rows. */
const WIDE = 640;
const LONGEST_TITLE = 44;

/** In each row a line from low to high and a point at the mean, with the mean in numbers at the edge. */
export function EstimatesPlot({ label, plot, width, height }: PlotProps<"estimates">) {
  const { rows, mark } = plot;
  const isWide = width >= WIDE;
  const data = rows.map((row) => ({ ...row, range: [row.low, row.high] }));
  const names = new Map(rows.map(({ id, title }) => [id, title]));
  const hasShortIds = rows.every(({ id }) => id.length <= 6);
  const nameOf = (id: string): string => {
    const title = names.get(id) ?? "";
    const short = title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
    return hasShortIds ? (isWide ? `${id}  ${short}` : id) : short;
  };
  return (
    <BarChart
      layout="vertical"
      width={width}
      height={height}
      data={data}
      margin={{ top: mark ? 24 : 0, right: 44, bottom: 0, left: 0 }}
      aria-label={label}
    >
      <XAxis type="number" domain={[0, 100]} ticks={PERCENTS} tick={TICK} axisLine={AXIS} tickLine={false} unit={PERCENT_SIGN} />
      <YAxis
        type="category"
        dataKey="id"
        width={hasShortIds ? (isWide ? 330 : 52) : 120}
        tick={<RowName nameOf={nameOf} />}
        axisLine={false}
        tickLine={false}
        interval={0}
      />
      <Tooltip
        {...STILL}
        cursor={{ fill: "var(--line)", fillOpacity: 0.5 }}
        content={({ active, payload }) => {
          const row = active ? (payload[0]?.payload as EstimateRow | undefined) : undefined;
          return row ? (
            <Tip title={row.title}>
              {row.isOpen ? "nothing answered" : `${row.mean} %`}, range {row.low}–{row.high} %
            </Tip>
          ) : null;
        }}
      />
      {mark && <ReferenceLine x={mark.at} {...MARK} label={{ value: mark.text, position: "top", fill: "var(--ink)", fontSize: 12 }} />}
      <Bar dataKey="range" shape={Whisker} {...STILL} />
    </BarChart>
  );
}

/** Names begin at the left edge, so that they read as a list. */
function RowName({
  y = 0,
  payload,
  nameOf,
}: {
  readonly y?: number;
  readonly payload?: { readonly value: string };
  readonly nameOf: (id: string) => string;
}) {
  return (
    <text x={0} y={y} dy="0.35em" fill="var(--ink)" fontSize={13} xmlSpace="preserve">
      {nameOf(payload?.value ?? "")}
    </text>
  );
}

function Whisker({ x, y, width, height, payload }: BarShapeProps) {
  const { mean, low, high, isOpen = false } = payload as EstimateRow;
  const middle = y + height / 2;
  const perPercent = width / Math.max(high - low, 0.001);
  const at = x + (mean - low) * perPercent;
  const end = x - low * perPercent + 100 * perPercent;
  const ink = isOpen ? "var(--line-2)" : "var(--ink)";
  return (
    <g>
      <path d={`M${x},${middle - 4}v8M${x},${middle}h${width}M${x + width},${middle - 4}v8`} stroke={ink} strokeWidth={1.5} fill="none" />
      {!isOpen && <circle cx={at} cy={middle} r={4.5} fill={ink} />}
      <text x={end + 40} y={middle} dy="0.35em" textAnchor="end" fill="var(--ink)" fontSize={12}>
        {isOpen ? "–" : `${mean} %`}
      </text>
    </g>
  );
}
