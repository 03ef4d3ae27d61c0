import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "No such page" };

export default function NotFound() {
  return (
    <div className="page">
      <h1>No route to this page</h1>
      <p className="lead">
        The address leads nowhere. Perhaps a question or a lab has moved: look under <Link href="/quiz">Quiz</Link> or{" "}
        <Link href="/labs">Labs</Link>.
      </p>
    </div>
  );
}
