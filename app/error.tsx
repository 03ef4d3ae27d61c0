"use client";

import { useEffect } from "react";

/** A bug of ours. What was stored stays stored. */
export default function ErrorPage({ error, reset }: { readonly error: Error & { readonly digest?: string }; readonly reset: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <div className="page">
      <h1>This page broke</h1>
      <p className="lead">
        That is a bug of Drydock&apos;s, not of yours. What the server has acknowledged is kept.
        {error.digest ? (
          <>
            {" "}
            In the server&apos;s log it is <code>{error.digest}</code>.
          </>
        ) : null}
      </p>
      <p style={{ marginTop: 24 }}>
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </div>
  );
}
