"use client";

import "./globals.css";

/** When even the frame of the pages broke: no header, no fonts, nothing that could break again. */
export default function GlobalError({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Drydock: an error</title>
        <main className="page">
          <h1>Drydock broke</h1>
          <p className="lead">That is a bug of ours. What the server has acknowledged is kept.</p>
          <p>
            <button type="button" className="button" onClick={reset}>
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
