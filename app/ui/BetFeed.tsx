"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";
import type { Address } from "viem";
import { type ApiBet, useBets } from "../data-client.ts";
import { asClause, formatAgo, formatUnits, shortBet, shorten } from "../format.ts";
import { useDeployment } from "../settings.ts";
import type { AnyGame } from "../../sdk/games/index.ts";
import { useTwins } from "../games/twins.ts";
import { seedOf } from "../../sdk/layout.ts";
import styles from "./BetFeed.module.css";
import { TinyThread, knotsOf } from "./Thread.tsx";
import { Unknown, reasonOf } from "./Unknown.tsx";
import { ScrollBox } from "./ScrollBox.tsx";

const never = () => () => {};
const nowInSeconds = () => Math.floor(Date.now() / 10_000) * 10;

/** Bets the chain has seen, newest first; nothing here is invented. */
export function BetFeed({
  game,
  player,
  limit,
}: {
  game?: number;
  player?: Address;
  limit: number;
}) {
  const bets = useBets({
    limit,
    ...(game === undefined ? {} : { game }),
    ...(player === undefined ? {} : { player }),
  });
  const { twinOf } = useTwins(bets.data?.map((bet) => bet.game) ?? []);
  if (bets.isError)
    return <Unknown reason={reasonOf(bets.error)} retry={() => void bets.refetch()} />;
  if (bets.data === undefined)
    return <p className={`dim small ${styles.empty}`}>Reading the bets.</p>;
  if (bets.data.length === 0) return <p className={`dim small ${styles.empty}`}>None yet.</p>;
  return (
    <ScrollBox label="Bets">
      <table className={styles.feed}>
        <thead>
          <tr>
            <th scope="col">Bet</th>
            <th scope="col">Thread</th>
            <th scope="col">Game</th>
            <th scope="col">Draw</th>
            <th scope="col" className="num">
              Stake
            </th>
            <th scope="col" className="num">
              Paid
            </th>
            <th scope="col">Player</th>
            <th scope="col" className="num">
              When
            </th>
          </tr>
        </thead>
        <tbody>
          {bets.data.map((bet) => (
            <Row key={bet.betId} bet={bet} twin={twinOf(bet.game)} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Row({ bet, twin }: { bet: ApiBet; twin: AnyGame | undefined }) {
  const { assets, casino, chainId, games } = useDeployment();
  const now = useSyncExternalStore(never, nowInSeconds, () => 0);
  const asset = assets.find(({ id }) => id === bet.asset);
  const betId = BigInt(bet.betId);
  const seed =
    bet.word === null || bet.word === undefined
      ? undefined
      : seedOf({ word: BigInt(bet.word), chainId, casino, betId });
  const computed =
    seed === undefined
      ? undefined
      : twin?.payout({ stake: BigInt(bet.stake), choice: bet.choice, seed });
  const payout = bet.payout === null || bet.payout === undefined ? computed : BigInt(bet.payout);
  const decimals = asset?.ledgerDecimals ?? 0;
  const won = payout !== undefined && payout > BigInt(bet.stake);
  return (
    <tr>
      <td className="mono">
        <Link href={`/bets/${bet.betId}`}>{shortBet(betId)}</Link>
      </td>
      <td>
        <TinyThread
          knots={knotsOf(bet.status)}
          label={`${bet.status}; open the bet to verify it`}
        />
      </td>
      <td>
        {games.find(({ id }) => id === bet.game)?.name ?? `Game ${bet.game}`}{" "}
        <span className="dim">{twin === undefined ? "" : asClause(twin.describe(bet.choice))}</span>
      </td>
      <td className="mono">
        {seed === undefined
          ? bet.status === "pending"
            ? "waiting"
            : bet.status
          : twin === undefined
            ? "—"
            : asClause(twin.describeOutcome(seed, bet.choice))}
      </td>
      <td className="num">
        {formatUnits(BigInt(bet.stake), decimals, 6)}
        <span className="unit">{asset?.symbol}</span>
      </td>
      <td className={`num ${won ? "win" : ""}`}>
        {bet.status === "refunded"
          ? "refunded"
          : payout === undefined
            ? "—"
            : formatUnits(payout, decimals, 6)}
        <span className="unit">{asset?.symbol}</span>
      </td>
      <td className="mono dim">{shorten(bet.player, 6, 4)}</td>
      <td className="num dim">{now === 0 ? "—" : formatAgo(Math.max(0, now - bet.placedAt))}</td>
    </tr>
  );
}
