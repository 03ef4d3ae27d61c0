/** Security headers. Nothing on these pages comes from another site, so nothing may. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { randomBytes } from "node:crypto";

/** For each request: Next.js reads the nonce out of the request's policy and puts it on its own scripts. */
export function secure(request: IncomingMessage, response: ServerResponse, isDevelopment: boolean): void {
  const policy = policyWith(randomBytes(16).toString("base64"), isDevelopment);
  request.headers["content-security-policy"] = policy;
  response.setHeader("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(FIXED)) response.setHeader(name, value);
}

const FIXED = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;

function policyWith(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'none'",
    // React's development build evaluates source maps.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "worker-src 'self'",
    // xterm.js makes its style sheet at run time and has no place for a nonce. Styles of ours are files.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
