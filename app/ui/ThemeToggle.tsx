"use client";

import { useState } from "react";
import { THEME_COOKIE, type Theme } from "./theme.ts";
import styles from "./Header.module.css";

const NEXT: Record<Theme, Theme> = { system: "day", day: "night", night: "system" };

/** Walks system, day, night; kept in a cookie, so that the server renders it. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const turn = () => {
    const next = NEXT[theme];
    document.documentElement.dataset.theme = next;
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
    setTheme(next);
  };
  return (
    <button
      type="button"
      className={`button quiet ${styles.icon}`}
      onClick={turn}
      aria-label={`Colours: ${theme}. Change to ${NEXT[theme]}.`}
    >
      <svg
        viewBox="0 0 24 24"
        width="22"
        height="22"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <circle cx="12" cy="12" r="8" />
        {theme === "day" && <circle cx="12" cy="12" r="3.4" fill="currentColor" stroke="none" />}
        {theme === "night" && <circle cx="12" cy="12" r="8" fill="currentColor" stroke="none" />}
        {theme === "system" && <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" stroke="none" />}
      </svg>
    </button>
  );
}
