import type { NextConfig } from "next";

/**
 * One production build runs against any chain: addresses and endpoints are read at request time (`app/data.ts`),
 * so the Content-Security-Policy, which names them, is written per request in `proxy.ts`.
 */
const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Types are checked once for the whole repository by `npm run check`.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "app/tsconfig.json" },
  turbopack: { root: import.meta.dirname },
  outputFileTracingIncludes: { "/games/*": ["./contracts/games/*.sol"] },
  async headers() {
    return [
      {
        source: "/(.*)",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "no-referrer" },
          { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
          {
            key: "Permissions-Policy",
            value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
          },
        ],
      },
    ];
  },
};

export default config;
