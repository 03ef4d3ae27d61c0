import type { CSSProperties, ReactNode } from "react";
import { INSET, LABEL_LINE, type Point, type Rect, TEXT_LINE } from "./boxes";
import styles from "./drawing.module.css";
import { around, type DrawnLink, type DrawnPart, segmentsOf, type Sheet } from "./sheet";

/** What is said of a part or link once it is answered: the fault, or what was taken for it. */
export type Mark = "fault" | "taken";

type Props = {
  readonly sheet: Sheet;
  readonly chosen: string | undefined;
  readonly marks: ReadonlyMap<string, Mark>;
  /** The control for a part or link; `id` is that of the field. Without it the drawing is only looked at. */
  readonly control?: (thing: string) => { readonly id: string; readonly field: ReactNode };
};

/** The drawing, and over it the fields by which its parts and links are chosen. */
export function DrawingView({ sheet, chosen, marks, control }: Props) {
  const { width, height, parts, links, cables } = sheet;
  const frames = parts.filter(({ isLeaf }) => !isLeaf);
  const leaves = parts.filter(({ isLeaf }) => isLeaf);
  const stateOf = (id: string) => ({ "data-chosen": chosen === id ? "" : undefined, "data-mark": marks.get(id) });
  return (
    <div className={styles.sheet} style={{ maxWidth: width, aspectRatio: `${width} / ${height}` }}>
      <svg viewBox={`0 0 ${width} ${height}`} className={styles.svg} aria-hidden="true">
        {frames.map((one) => (
          <Frame key={one.part.id} one={one} state={stateOf(one.part.id)} />
        ))}
        {cables.map(({ id, points, colour }) => (
          <path key={id} className={styles.cable} style={inColour(colour)} d={pathOf(points)} />
        ))}
        {links.map(({ link, points, colour }) => (
          <g key={link.id} className={styles.link} style={inColour(colour)} {...stateOf(link.id)}>
            <path className={styles.halo} d={pathOf(points)} />
            <path className={styles.wire} d={pathOf(points)} />
          </g>
        ))}
        {frames.map((one) => (
          <Head key={one.part.id} one={one} />
        ))}
        {leaves.map((one) => (
          <Leaf key={one.part.id} one={one} state={stateOf(one.part.id)} />
        ))}
        {links.map((one) => one.words && <Words key={one.link.id} one={one} words={one.words} state={stateOf(one.link.id)} />)}
      </svg>
      {control &&
        parts.map(({ part, box, isLeaf }) => {
          const { id, field } = control(part.id);
          return (
            <label key={part.id} htmlFor={id} className={styles.hit} data-leaf={isLeaf ? "" : undefined} style={shareOf(box, sheet)}>
              {field}
            </label>
          );
        })}
      {control &&
        links.map(({ link, points, words }) => {
          const { id, field } = control(link.id);
          const hits = [...segmentsOf(points).map((segment) => around(segment, 12)), ...(words ? [words] : [])];
          // A link whose way was not found can still be chosen with the keyboard.
          const places = hits.length > 0 ? hits : [{ x: 0, y: 0, width: 0, height: 0 }];
          return places.map((place, at) => (
            <label
              key={`${link.id} ${at}`}
              htmlFor={id}
              className={styles.hit}
              data-link=""
              data-words={place === words ? "" : undefined}
              style={shareOf(place, sheet)}
            >
              {at === 0 && field}
            </label>
          ));
        })}
    </div>
  );
}

type State = { readonly "data-chosen": string | undefined; readonly "data-mark": Mark | undefined };

function Frame({ one: { part, box, colour }, state }: { readonly one: DrawnPart; readonly state: State }) {
  return (
    <g className={styles.frame} style={inColour(colour)} data-kind={part.kind} {...state}>
      <Outline box={box} />
    </g>
  );
}

function Leaf({ one, state }: { readonly one: DrawnPart; readonly state: State }) {
  const { part, box, colour } = one;
  return (
    <g
      className={styles.leaf}
      style={inColour(colour)}
      data-kind={part.kind}
      data-coloured={colour === undefined ? undefined : ""}
      {...state}
    >
      <Outline box={box} />
      {colour !== undefined && <rect className={styles.stripe} x={box.x} y={box.y} width="4" height={box.height} />}
      <Head one={one} />
    </g>
  );
}

function Outline({ box: { x, y, width, height } }: { readonly box: Rect }) {
  return <rect className={styles.outline} x={x + 0.5} y={y + 0.5} width={width - 1} height={height - 1} rx="3" />;
}

function Head({ one: { head, label, lines, kind } }: { readonly one: DrawnPart }) {
  const x = head.x + INSET;
  const top = head.y + 9;
  return (
    <text className={styles.head} aria-hidden="true">
      {label.map((text, at) => (
        <tspan key={at} className={styles.label} x={x} y={top + 13 + at * LABEL_LINE}>
          {text}
        </tspan>
      ))}
      {kind !== "" && (
        <tspan
          className={styles.kind}
          dx={label.at(-1) === "" ? undefined : 8}
          x={label.at(-1) === "" ? x : undefined}
          y={top + 13 + (label.length - 1) * LABEL_LINE}
        >
          {kind}
        </tspan>
      )}
      {lines.map((text, at) => (
        <tspan key={at} className={styles.fact} x={x} y={top + label.length * LABEL_LINE + 11 + at * TEXT_LINE}>
          {text}
        </tspan>
      ))}
    </text>
  );
}

function Words({ one: { link }, words, state }: { readonly one: DrawnLink; readonly words: Rect; readonly state: State }) {
  return (
    <text className={styles.words} x={words.x + words.width / 2} y={words.y + 12} textAnchor="middle" {...state}>
      {link.label}
    </text>
  );
}

const pathOf = (points: readonly Point[]): string => points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join("");

const inColour = (colour: number | undefined): CSSProperties | undefined =>
  colour === undefined ? undefined : ({ "--net": `var(--net-${colour})` } as CSSProperties);

const shareOf = ({ x, y, width, height }: Rect, sheet: Sheet): CSSProperties => ({
  left: `${(100 * x) / sheet.width}%`,
  top: `${(100 * y) / sheet.height}%`,
  width: `${(100 * width) / sheet.width}%`,
  height: `${(100 * height) / sheet.height}%`,
});
