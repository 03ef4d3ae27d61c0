export type Step = { node: string; command: string; stdout: string[]; stderr: string[]; exit: number; recorded: boolean };
export type Session = {
  header: readonly { key?: string; value?: string; comment?: string }[];
  items: readonly unknown[];
  steps: Step[];
  nodes: number;
  title: string;
  topic: string;
};
export function parseSession(text: string): Session;
export function stepLines(step: Step): string[];
export function formatSession(session: Session): string;
export function toLines(text: string): string[];
