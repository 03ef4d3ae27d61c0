"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import styles from "./site-header.module.css";

const LINKS = [
  { href: "/learn", label: "Learn" },
  { href: "/quiz", label: "Quiz" },
  { href: "/labs", label: "Labs" },
  { href: "/review", label: "Review" },
  { href: "/exam", label: "Exam" },
  { href: "/progress", label: "Progress" },
] as const;

export function NavLinks() {
  const path = usePathname();
  return (
    <nav className={styles.nav} aria-label="Main">
      {LINKS.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
