import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { SiteFooter } from "./_components/site-footer";
import { SiteHeader } from "./_components/site-header";
import { readTheme, THEME_COOKIE } from "./_components/theme";
import "./globals.css";

const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-inter",
  display: "swap",
});

const mono = localFont({
  src: "../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  weight: "100 800",
  variable: "--font-mono",
  display: "swap",
  adjustFontFallback: false,
  fallback: ["ui-monospace", "DejaVu Sans Mono", "Menlo", "Consolas", "monospace"],
});

export const metadata: Metadata = {
  title: { default: "Drydock: Docker networking, where you can see it", template: "%s · Drydock" },
  description:
    "Prepare for the networking domain of the Docker Certified Associate exam: questions with a reason for every option, and labs on simulated Docker hosts.",
  applicationName: "Drydock",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f5f6" },
    { media: "(prefers-color-scheme: dark)", color: "#0e151a" },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // Each page is made for its request: its scripts carry the nonce of that response's policy.
  await connection();
  // The theme comes from a cookie, so that the first paint is right without a script. Without one, the system's is used.
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" className={`${inter.variable} ${mono.variable}`} {...(theme ? { "data-theme": theme } : {})} suppressHydrationWarning>
      <body>
        <SiteHeader />
        <main id="content" tabIndex={-1}>
          {children}
        </main>
        <SiteFooter />
      </body>
    </html>
  );
}
