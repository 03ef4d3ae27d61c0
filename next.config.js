/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm test` and `npm run check` check types; starting the server need not do it again.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  // Hot reload by either name of this machine.
  allowedDevOrigins: ["127.0.0.1"],
  turbopack: { root: import.meta.dirname },
  // Writing the cache takes longer than it saves when the build runs once.
  experimental: { turbopackFileSystemCacheForBuild: false },
};

export default config;
