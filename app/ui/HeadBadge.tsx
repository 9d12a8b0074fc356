"use client";

import { useHead } from "../data-client.ts";
import { formatAgo, formatCount } from "../format.ts";
import { useLive } from "../live.tsx";
import styles from "./Header.module.css";
import { useNow } from "./use-now.ts";

/** The newest block this page has seen: a filled mark where the indexer pushes, hollow where the page asks the node. */
export function HeadBadge() {
  const head = useHead();
  const live = useLive();
  const now = useNow();
  const state = head.isError ? "down" : live === "live" ? "live" : "polling";
  const text = head.isError
    ? "the node does not answer"
    : head.data === undefined
      ? "block —"
      : `block ${formatCount(head.data.number)} · ${now === 0 ? "—" : formatAgo(now - Number(head.data.timestamp))}`;
  return (
    <span
      className={`mono ${styles.head}`}
      title={state === "polling" ? "Asked of the node every few seconds" : text}
    >
      <span className={styles.dot} data-state={state} aria-hidden="true" />
      <span>{text}</span>
    </span>
  );
}
