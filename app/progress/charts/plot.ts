/** What a plot shows, as plain data: it crosses from the server to the browser. Shares are in percent. */

export type EstimateRow = {
  readonly id: string;
  readonly title: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Too little is known for a mean: only the range is drawn. */
  readonly isOpen?: boolean;
};

export type Bar = { readonly name: string; readonly title: string; readonly value: number; readonly more?: number };

export type Plot =
  /** A column for each day or week. `parts` names value and more, which stand on one another. */
  | {
      readonly kind: "bars";
      readonly bars: readonly Bar[];
      readonly unit: string;
      readonly parts?: readonly [string, string];
      /** Writes the name below every so manieth bar, the value above each or only above the highest. */
      readonly everyName: number;
      readonly values: "all" | "highest";
    }
  /** A range with its mean in each row, and a line to compare with. */
  | { readonly kind: "estimates"; readonly rows: readonly EstimateRow[]; readonly mark?: { readonly at: number; readonly text: string } }
  /** One estimate over time. `at` in milliseconds since 1970. */
  | {
      readonly kind: "course";
      readonly points: readonly { readonly at: number; readonly mean: number; readonly low: number; readonly high: number }[];
    }
  /** Scores of exams over time, and the pass mark. */
  | {
      readonly kind: "scores";
      readonly points: readonly {
        readonly at: number;
        readonly score: number;
        readonly name: string;
        readonly exam: "full" | "networking" | "drill";
      }[];
      readonly passMark: number;
    };

const ROW = 30;

/** In pixels. Known beforehand, so that nothing moves when the plot comes. */
export function heightOf(plot: Plot): number {
  switch (plot.kind) {
    case "bars":
      return 170;
    case "estimates":
      return plot.rows.length * ROW + (plot.mark ? 54 : 30);
    case "course":
    case "scores":
      return 210;
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As 3 Jan, by the server's calendar. */
export function shortDay(at: number): string {
  const day = new Date(at);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()] ?? ""}`;
}
