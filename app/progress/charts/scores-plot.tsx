"use client";

import { LineChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { AXIS, MARK, PERCENT_SIGN, STILL, TICK, Tip } from "./looks";
import { shortDay } from "./plot";
import type { PlotProps } from "./plots";

type Point = PlotProps<"scores">["plot"]["points"][number];

/** A mark for each exam, by its kind: a square is the full exam, a disc networking, a ring a drill. */
export function ScoresPlot({ label, plot, width, height }: PlotProps<"scores">) {
  const { points, passMark } = plot;
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  // A lone exam stands in the middle.
  const room = Math.max((last - first) * 0.04, 43_200_000);
  return (
    <LineChart width={width} height={height} data={[...points]} margin={{ top: 16, right: 84, bottom: 0, left: 0 }} aria-label={label}>
      <XAxis
        dataKey="at"
        type="number"
        domain={[first - room, last + room]}
        ticks={[...new Set([first, last])]}
        tickFormatter={shortDay}
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
            <Tip title={`${point.name}, ${shortDay(point.at)}`}>
              {point.score} %, {point.score >= passMark ? "at or above" : "below"} the pass mark
            </Tip>
          ) : null;
        }}
      />
      <ReferenceLine y={passMark} {...MARK} label={{ value: `pass ${passMark} %`, position: "right", fill: "var(--ink)", fontSize: 12 }} />
      {/* No line from mark to mark: a drill and a full exam are no course. */}
      <Line dataKey="score" stroke="none" dot={Mark} activeDot={false} {...STILL} />
    </LineChart>
  );
}

function Mark({
  cx = 0,
  cy = 0,
  payload,
  index,
}: {
  readonly cx?: number;
  readonly cy?: number;
  readonly payload?: Point;
  readonly index?: number;
}) {
  const { score, exam } = payload ?? { score: 0, exam: "drill" };
  return (
    <g key={index}>
      {exam === "full" ? (
        <rect x={cx - 4.5} y={cy - 4.5} width={9} height={9} fill="var(--ink)" />
      ) : (
        <circle cx={cx} cy={cy} r={4.5} fill={exam === "drill" ? "var(--paper)" : "var(--ink)"} stroke="var(--ink)" strokeWidth={1.5} />
      )}
      <text x={cx} y={cy - 10} textAnchor="middle" fill="var(--ink)" fontSize={12}>
        {score}
      </text>
    </g>
  );
}
