"use client";

import { useState } from "react";
import { shorten } from "../format.ts";
import styles from "./CopyText.module.css";

/** A value in mono with a button that copies all of it. */
export function CopyText({
  text,
  what,
  full = false,
}: {
  text: string;
  what: string;
  full?: boolean;
}) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused"); // The browser forbids it here; the text can still be selected.
    }
  };
  return (
    <span className={styles.copy}>
      <code className={full ? styles.full : undefined}>{full ? text : shorten(text, 12, 8)}</code>
      <button
        type="button"
        className={`button ${styles.button}`}
        onClick={() => void copy()}
        aria-label={`Copy ${what}`}
      >
        {state === "copied" ? "Copied" : state === "refused" ? "Select it" : "Copy"}
      </button>
    </span>
  );
}
