"use client";

import {
  type SicBoBet,
  type SicBoChoice,
  type SicBoOutcome,
  bets,
  sicBo,
} from "../../../sdk/games/sic-bo.ts";
import { formatPercent, formatTimes } from "../../format.ts";
import { Die } from "../../ui/Die.tsx";
import type { FaceProps } from "../board.ts";
import styles from "./sic-bo.module.css";

const ALL = bets();

/** The rows of the table: which bets, by the kind that their choice decodes to. */
const ROWS: readonly { label: string; kinds: readonly SicBoChoice["bet"][]; className: string }[] =
  [
    { label: "Halves", kinds: ["small", "odd", "even", "big"], className: "halves" },
    { label: "Total of the dice", kinds: ["total"], className: "totals" },
    { label: "A number", kinds: ["single", "any triple"], className: "singles" },
    { label: "Doubles", kinds: ["double"], className: "sixes" },
    { label: "Triples", kinds: ["triple"], className: "sixes" },
    { label: "Two numbers", kinds: ["pair"], className: "pairs" },
  ];

function kindOf({ choice }: SicBoBet): SicBoChoice["bet"] {
  return sicBo.decode(choice).bet;
}

/** What the cell says: as short as its row allows. */
function short({ choice, name }: SicBoBet): string {
  const bet = sicBo.decode(choice);
  switch (bet.bet) {
    case "total":
      return String(bet.total);
    case "single":
    case "double":
    case "triple":
      return String(bet.number).repeat(bet.bet === "single" ? 1 : bet.bet === "double" ? 2 : 3);
    case "pair":
      return bet.numbers.join("·");
    default:
      return name;
  }
}

/** Three dice, and every bet on them with its price; the bets that the roll pays are marked. */
export function SicBoFace({
  choice,
  onChoice,
  locked,
  waiting,
  drawn,
}: FaceProps<SicBoChoice, SicBoOutcome>) {
  const picked = sicBo.encode(choice);
  const dice = drawn?.outcome.dice;
  return (
    <div className={styles.table}>
      <div
        className={styles.dice}
        role="img"
        aria-label={dice === undefined ? "Not rolled" : `The dice show ${dice.join(", ")}`}
      >
        {[0, 1, 2].map((index) => (
          <Die key={index} number={dice?.[index]} rolling={waiting} />
        ))}
      </div>
      {ROWS.map(({ label, kinds, className }) => (
        <div key={label} className={styles[className]} role="group" aria-label={label}>
          {ALL.filter((bet) => kinds.includes(kindOf(bet))).map((bet) => {
            const pays = drawn !== undefined && sicBo.multiplierWad(bet.choice, drawn.seed) > 0n;
            return (
              <button
                key={bet.choice}
                type="button"
                className={styles.bet}
                aria-pressed={bet.choice === picked}
                data-pays={pays}
                disabled={locked}
                onClick={() => onChoice(sicBo.decode(bet.choice))}
              >
                {short(bet)}
                <em className="hidden"> {bet.name}, pays up to </em>
                <span>{formatTimes(bet.maxMultiplierWad / 10n ** 16n)}</span>
                {bet.highEdge && <em>costs {formatPercent(bet.edgeWad, 1)}</em>}
                {pays && <em className="hidden">, paid by this roll</em>}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
