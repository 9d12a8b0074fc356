import type { ReactNode } from "react";

/** Holds a wide table: it scrolls inside its pane, by touch and by keyboard. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="tablebox" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
