import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { readSettings } from "./data.ts";
import "./globals.css";
import { Providers } from "./providers.tsx";
import { Footer } from "./ui/Footer.tsx";
import { Header, PlainHeader } from "./ui/Header.tsx";
import { NotReady } from "./ui/NotReady.tsx";
import { THEME_COOKIE, themeOf } from "./ui/theme.ts";

const sans = localFont({
  src: "../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wdth-normal.woff2",
  variable: "--font-sans",
  weight: "400 700",
  declarations: [{ prop: "font-stretch", value: "75% 100%" }],
});
const mono = localFont({
  src: "../node_modules/@fontsource-variable/martian-mono/files/martian-mono-latin-wdth-normal.woff2",
  variable: "--font-mono",
  weight: "100 800",
  declarations: [{ prop: "font-stretch", value: "75% 112.5%" }],
  adjustFontFallback: false,
});

export const metadata: Metadata = {
  title: { default: "Glasshouse", template: "%s · Glasshouse" },
  description:
    "A casino with see-through walls: every bet, draw and payout can be checked by anyone, from the chain alone.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#F1F6F4" },
    { media: "(prefers-color-scheme: dark)", color: "#06120F" },
  ],
};

/** The frame of every page. The theme comes from a cookie, so that no script runs before the first paint. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [settings, jar] = await Promise.all([readSettings(), cookies()]);
  const theme = themeOf(jar.get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${sans.variable} ${mono.variable}`}>
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        {settings.ready ? (
          <Providers settings={settings}>
            <Header theme={theme} />
            <main id="main" className="wrap">
              {children}
            </main>
            <Footer deployment={settings.deployment} />
          </Providers>
        ) : (
          <>
            <PlainHeader />
            <main id="main" className="wrap">
              <NotReady reason={settings.reason} hint={settings.hint} />
            </main>
            <Footer />
          </>
        )}
      </body>
    </html>
  );
}
