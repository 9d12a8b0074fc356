import Link from "next/link";
import { AccountButton } from "../wallet/AccountButton.tsx";
import { HeadBadge } from "./HeadBadge.tsx";
import styles from "./Header.module.css";
import { Navigation } from "./Navigation.tsx";
import type { Theme } from "./theme.ts";
import { ThemeToggle } from "./ThemeToggle.tsx";

function Brand() {
  return (
    <Link href="/" className={styles.brand}>
      <svg
        viewBox="0 0 24 24"
        width="26"
        height="26"
        aria-hidden="true"
        fill="none"
        strokeWidth="1.8"
      >
        <path d="M3 10 12 3l9 7v11H3z" stroke="currentColor" />
        <path d="M12 3v18M3 12h18" stroke="var(--edge)" />
      </svg>
      Glasshouse
    </Link>
  );
}

/** Brand, pages, head of the chain, colours and wallet. */
export function Header({ theme }: { theme: Theme }) {
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Brand />
        <Navigation />
        <div className={styles.side}>
          <HeadBadge />
          <ThemeToggle initial={theme} />
          <AccountButton />
        </div>
      </div>
    </header>
  );
}

/** What stands there while no deployment is configured. */
export function PlainHeader() {
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Brand />
      </div>
    </header>
  );
}
