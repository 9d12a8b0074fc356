"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import styles from "./Header.module.css";

const PAGES = [
  { href: "/", label: "Games", under: "/games" },
  { href: "/house", label: "The house" },
  { href: "/verify", label: "Verify", under: "/bets" },
  { href: "/account", label: "Account" },
];

export function Navigation() {
  const path = usePathname();
  return (
    <nav className={styles.nav} aria-label="Pages">
      {PAGES.map(({ href, label, under }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href || (under && path.startsWith(under)) ? "page" : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
