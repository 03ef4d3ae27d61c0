// Next.js resolves this itself: a client component that imports it does not build.
declare module "server-only";
