import type { Session, Step } from "./session.mjs";
export type DiffLine = [mark: string, line: string];
export function normaliseSession(session: Session): Session;
export function compareSessions(golden: Session, actual: Session): { step: Step; ok: boolean; reason?: string; diff?: DiffLine[] }[];
export function unified(diff: DiffLine[], context?: number): string[];
