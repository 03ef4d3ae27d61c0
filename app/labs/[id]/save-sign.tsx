import type { SaveState } from "@/app/_lab/entry-queue";
import styles from "./workspace.module.css";

/** Whether what was typed is on the server. Calm: it speaks up only when something is wrong. */
export function SaveSign({ state }: { readonly state: SaveState }) {
  return (
    <p
      className={styles.save}
      data-state={state.kind}
      role={state.kind === "refused" ? "alert" : state.kind === "offline" ? "status" : undefined}
    >
      {toWords(state)}
    </p>
  );
}

function toWords(state: SaveState): string {
  switch (state.kind) {
    case "saved":
      return "Saved";
    case "saving":
      return "Saving";
    case "offline":
      return "Offline; kept here until the server answers";
    case "refused":
      return `Not saved any more: ${state.message} Reload to go on.`;
  }
}
