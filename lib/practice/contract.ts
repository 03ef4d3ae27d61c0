/**
 * A learner at a lab: what the workspace is made from, what grading is asked, and what it answers.
 *
 * The browser builds its world from a `PreparedLab`; the server replays the transcript on another made from the same lab
 * and seed, and its report alone counts.
 */

import type { Lab } from "@/lib/content/schema";
import type { Instant, Topology, TranscriptEntry } from "@/lib/sim";

/** A lab with its variant drawn and every `${parameter}` filled in. Plain data without checks: the browser gets it. */
export type PreparedLab = {
  readonly id: string;
  readonly rev: number;
  readonly title: string;
  /** Which variant the seed chose; empty when there is only one. */
  readonly variant: string;
  /** Markdown. */
  readonly story: string;
  readonly tasks: readonly PreparedTask[];
  readonly world: LabWorld;
  /** Markdown, shown once the lab is solved. */
  readonly debrief: string;
  /** The host whose terminal is shown first. */
  readonly host: string;
};

export type PreparedTask = {
  readonly id: string;
  /** Markdown. */
  readonly text: string;
  /** Markdown, from a look to a worked example of another case. */
  readonly hints: readonly string[];
};

export type LabWorld = {
  readonly topology: Topology;
  readonly setup: readonly { readonly host: string; readonly command: string }[];
};

export type GradeRequest = {
  readonly lab: Lab;
  readonly seed: string;
  readonly entries: readonly TranscriptEntry[];
  /** The replay runs on to this instant, as the learner's clock did: a container started by the last line may still be starting. */
  readonly until: Instant;
  /** Simulated events that the replay and the checks may use. */
  readonly eventLimit: number;
};

export type GradeReport = {
  readonly passed: boolean;
  /** In the lab's order: its tasks, then what had to stay as it was. */
  readonly goals: readonly GoalReport[];
  readonly diagnosis?: Diagnosis;
};

export type GoalReport = {
  /** A task's id, or that of something that had to stay. */
  readonly id: string;
  readonly text: string;
  /** `blocked`: it cannot be judged before another goal holds. */
  readonly status: "pass" | "fail" | "blocked";
  readonly evidence?: Evidence;
  /** Of a reachability that does not hold: where the frame died, and why. */
  readonly death?: Death;
};

/** One fact that decided: of which object, what was expected there, and what is there. */
export type Evidence = { readonly object: string; readonly expected: string; readonly found: string };

export type Death = { readonly where: string; readonly why: string };

/** The belief that the observed state speaks of, and what to say to it. */
export type Diagnosis = { readonly id: string /** Markdown. */; readonly say: string; readonly misconception?: string };
