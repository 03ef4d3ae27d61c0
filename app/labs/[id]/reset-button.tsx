"use client";

import { useRef } from "react";
import styles from "./workspace.module.css";

/** Asks first: the host starts anew, and the terminals are empty. */
export function ResetButton({ onReset }: { readonly onReset: () => Promise<void> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="button quiet" onClick={() => dialog.current?.showModal()}>
        Reset
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="reset-title">
        <h2 id="reset-title">Start the lab again?</h2>
        <p>Everything goes back to how it was at the beginning. A lab that you have solved stays solved.</p>
        <form method="dialog">
          <button type="submit" className="button quiet">
            Keep working
          </button>
          <button type="submit" className="button" onClick={() => void onReset()}>
            Reset the lab
          </button>
        </form>
      </dialog>
    </>
  );
}
