"use client";

import { useState } from "react";
import type { OutcomeClass } from "../../sdk/games/types.ts";
import { asClause, formatChance, formatMultiplier } from "../format.ts";
import styles from "./play.module.css";

/** How many classes are listed before the rest is asked for. */
const FIRST = 18;

/** Every class of draws with its exact chance and price, from the twin's distribution of this very choice. */
export function Paytable({
  classes,
  missing,
  landedWad,
  subject,
}: {
  classes: readonly OutcomeClass[] | undefined;
  missing: string | undefined;
  /** What the round on the stage came to, where it was on this choice. */
  landedWad: bigint | undefined;
  subject: string;
}) {
  const [all, setAll] = useState(false);
  const total = classes?.reduce((sum, { weight }) => sum + weight, 0n) ?? 1n;
  const listed = all ? classes : classes?.slice(0, FIRST);
  // Where several classes pay alike, the price does not tell which one it was.
  const alike = classes?.filter(({ multiplierWad }) => multiplierWad === landedWad).length;
  const landed = (wad: bigint) => alike === 1 && wad === landedWad;
  return (
    <section className="pane stack" aria-labelledby="pays">
      <h2 id="pays" className="label">
        What it pays · {asClause(subject)}
      </h2>
      {listed === undefined ? (
        <p className="small dim">{missing}</p>
      ) : (
        <ul className={styles.paytable}>
          {listed.map(({ label, weight, multiplierWad }) => (
            <li key={`${label}${multiplierWad}`} data-landed={landed(multiplierWad)}>
              <span>
                {label}
                {landed(multiplierWad) && <span className="hidden"> (this round)</span>}
              </span>
              <span className="num dim">{formatChance(weight, total)}</span>
              <span className="num">{formatMultiplier(multiplierWad)}</span>
            </li>
          ))}
        </ul>
      )}
      {classes !== undefined && classes.length > FIRST && (
        <p>
          <button type="button" className="button small" onClick={() => setAll(!all)}>
            {all ? "Only the largest" : `All ${classes.length} classes`}
          </button>
        </p>
      )}
    </section>
  );
}
