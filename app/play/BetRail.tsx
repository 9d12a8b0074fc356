"use client";

import { type ReactNode, Suspense, lazy, useState } from "react";
import type { Hex } from "viem";
import { useConnection, useSwitchChain } from "wagmi";
import type { Asset } from "../../sdk/deployment.ts";
import type { AnyGame } from "../../sdk/games/index.ts";
import type { OutcomeClass } from "../../sdk/games/types.ts";
import { useHouse, useRefusal, useTerms } from "../data-client.ts";
import { amountText, formatUnits } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { reasonOf } from "../ui/Unknown.tsx";
import { useWalletDialog } from "../wallet/WalletDialogProvider.tsx";
import { PriceTag } from "./PriceTag.tsx";
import { endCall, placeCall } from "./calls.ts";
import { largestStake } from "./limits.ts";
import styles from "./play.module.css";
import type { usePlay } from "./use-play.ts";
import type { useSender } from "./use-sender.ts";
import { useSession } from "./use-session.ts";

/** Loaded when it is first opened. */
const DepositDialog = lazy(async () => ({
  default: (await import("./DepositDialog.tsx")).DepositDialog,
}));

/** What the one button says and does in the present state. */
interface Step {
  label: string;
  note: string;
  alarm?: boolean;
  act?: () => void;
}

/** Stake, price and the one button that walks every state. */
export function BetRail(props: {
  twin: AnyGame;
  verb: string;
  asset: Asset;
  onAsset(id: number): void;
  stakeText: string;
  onStake(text: string): void;
  stake: bigint | undefined;
  /** Undefined while something is missing from it. */
  choice: Hex | undefined;
  missing: string | undefined;
  classes: readonly OutcomeClass[] | undefined;
  /** The game's own controls. */
  picker: ReactNode;
  sender: ReturnType<typeof useSender>;
  /** A bet is being signed, sent or drawn: nothing may change. */
  locked: boolean;
  play: ReturnType<typeof usePlay>;
}) {
  const { twin, verb, asset, onAsset, stakeText, onStake, stake, choice, missing, play } = props;
  const { sender, locked } = props;
  const deployment = useDeployment();
  const connection = useConnection();
  const openWallets = useWalletDialog();
  const switchChain = useSwitchChain();
  const { sending, run, reset } = sender;
  const session = useSession(connection.address, asset);
  const house = useHouse(asset.id);
  const terms = useTerms(twin.id, asset.id);
  const [depositing, setDepositing] = useState(false);
  const refusal = useRefusal({
    player: connection.address,
    asset,
    game: twin.id,
    stake,
    choice,
  });

  const { bet, available, unsettled } = play;
  const show = (units: bigint) => formatUnits(units, asset.ledgerDecimals);
  const largest =
    house.data !== undefined && terms.data?.listed && choice !== undefined
      ? largestStake(twin, choice, house.data, terms.data)
      : undefined;
  const most =
    largest === undefined
      ? available
      : available === undefined || largest < available
        ? largest
        : available;
  const waiting = bet?.open === true && bet.round === "pending";
  const busy = sending.phase === "signing" || sending.phase === "sent";

  const place = () =>
    void run("bet", async (send) => {
      if (stake === undefined || choice === undefined) return;
      await send(placeCall(deployment.casino, { asset: asset.id, game: twin.id, stake, choice }));
    });
  const end = (how: "settle" | "refund") =>
    void run(how, async (send) => {
      if (bet === undefined) return;
      await send(endCall(deployment.casino, how, bet.betId));
    });

  const step = ((): Step => {
    if (connection.status === "reconnecting" || connection.status === "connecting")
      return { label: "Finding your wallet", note: "" };
    if (connection.address === undefined)
      return {
        label: "Connect wallet",
        note: "It signs the bet; nothing is sent before you confirm.",
        act: openWallets,
      };
    if (connection.chainId !== deployment.chainId) {
      return {
        label: switchChain.isPending
          ? "Switch in your wallet"
          : `Switch to chain ${deployment.chainId}`,
        note:
          switchChain.error === null
            ? `Your wallet is on chain ${connection.chainId}.`
            : `The wallet did not switch: ${reasonOf(switchChain.error)}`,
        alarm: switchChain.error !== null,
        act: () => switchChain.mutate({ chainId: deployment.chainId }),
      };
    }
    if (sending.phase === "signing")
      return { label: "Confirm in your wallet", note: "Nothing is sent before you confirm." };
    if (sending.phase === "sent")
      return { label: "In the next block", note: `Sent as ${sending.hash.slice(0, 10)}….` };
    if (waiting) {
      const other =
        bet.game === twin.id
          ? ""
          : `Your ${deployment.games.find(({ id }) => id === bet.game)?.name.toLowerCase() ?? "other"} bet of ${show(bet.stake)} comes first. `;
      return {
        label: "Waiting for the draw",
        note: `${other}If no word comes in 24 hours, your stake can be taken back.`,
      };
    }
    if (bet?.open === true && bet.round === "void") {
      return {
        label: `Take ${show(bet.stake)} ${asset.symbol} back`,
        note: "No word came in 24 hours, so the bet is void.",
        act: () => end("refund"),
      };
    }
    if (play.lane.isError)
      return {
        label: "Ask the node again",
        note: reasonOf(play.lane.error),
        alarm: true,
        act: () => void play.lane.refetch(),
      };
    if (stake === undefined || stake === 0n)
      return {
        label: "Enter a stake",
        note: `A number with at most ${asset.ledgerDecimals} decimals.`,
      };
    if (choice === undefined) return { label: missing ?? "Choose what to bet on", note: "" };
    const win = twin.odds(choice).maxMultiplierWad;
    const upTo = (props.classes?.filter(({ multiplierWad }) => multiplierWad > 0n).length ?? 0) > 1;
    const label = `${verb} ${show(stake)} to get ${upTo ? "up to " : ""}${show((stake * win) / 10n ** 18n)}`;
    if (available === undefined) return { label, note: "Reading your balance." };
    if (session.left !== undefined && session.left < stake) {
      return {
        label,
        note: `Your own budget has ${show(session.left < 0n ? 0n : session.left)} left. Change it in your session to go on.`,
        alarm: true,
      };
    }
    if (available < stake) {
      return {
        label: `Deposit ${asset.symbol} to play`,
        note: `${show(available)} ${asset.symbol} here; this bet needs ${show(stake)}.`,
        act: () => setDepositing(true),
      };
    }
    if (sending.phase === "failed") return { label, note: sending.reason, alarm: true, act: place };
    const reason = refusal.data;
    if (reason && reason.name !== "BalanceTooLow" && reason.name !== "LaneBusy")
      return { label, note: reason.text, alarm: true };
    return {
      label,
      note: "One confirmation. If no word comes in 24 hours, anyone can refund you.",
      act: place,
    };
  })();

  const setStake = (units: bigint) => {
    reset();
    onStake(amountText(units, asset.ledgerDecimals));
  };

  return (
    <section className={`pane ${styles.rail}`} aria-label="Your bet">
      <div className={styles.stakehead}>
        <label htmlFor="stake" className="label">
          Stake
        </label>
        <span className={`mono ${styles.available}`}>
          {connection.address === undefined
            ? ""
            : unsettled === undefined
              ? "available"
              : "after settling"}{" "}
          {connection.address === undefined
            ? ""
            : available === undefined
              ? "—"
              : formatUnits(available, asset.ledgerDecimals, 6)}
        </span>
      </div>
      <div className={styles.stakebox}>
        <input
          id="stake"
          inputMode="decimal"
          autoComplete="off"
          value={stakeText}
          disabled={locked}
          aria-describedby="step-note"
          onChange={(event) => {
            reset();
            onStake(event.target.value);
          }}
        />
        <select
          aria-label="Asset"
          value={asset.id}
          disabled={locked}
          onChange={(event) => onAsset(Number(event.target.value))}
        >
          {deployment.assets.map(({ id, symbol }) => (
            <option key={id} value={id}>
              {symbol}
            </option>
          ))}
        </select>
      </div>
      <div className={`segments mono ${styles.quick}`}>
        <button
          type="button"
          className="button"
          disabled={locked || !stake}
          onClick={() => setStake((stake ?? 0n) / 2n)}
          aria-label="½ of the stake"
        >
          ½
        </button>
        <button
          type="button"
          className="button"
          disabled={locked || !stake}
          onClick={() => setStake((stake ?? 0n) * 2n)}
          aria-label="2× the stake"
        >
          2×
        </button>
        <button
          type="button"
          className="button"
          disabled={locked || most === undefined}
          onClick={() => setStake(most ?? 0n)}
        >
          Max
        </button>
      </div>
      {props.picker}
      <PriceTag twin={twin} choice={choice} classes={props.classes} stake={stake} asset={asset} />
      <div className={styles.action} data-bar>
        <button
          type="button"
          className={`button primary ${styles.go}`}
          disabled={step.act === undefined}
          aria-busy={busy}
          aria-describedby="step-note"
          onClick={step.act}
          data-testid="go"
        >
          {step.label}
        </button>
        <p
          id="step-note"
          className={`note ${styles.stepnote} ${step.alarm ? "alert" : ""}`}
          role="status"
          aria-live="polite"
        >
          {step.note}
        </p>
      </div>
      <div className={styles.under}>
        <span className="tiny dim">
          {terms.data?.listed && largest !== undefined
            ? `Least ${show(terms.data.minStake)}, largest ${formatUnits(largest, asset.ledgerDecimals, 4)} ${asset.symbol} on this choice`
            : terms.data?.listed === false
              ? `This game takes no bets in ${asset.symbol}`
              : "Limits —"}
        </span>
        {bet?.open === true && bet.round === "drawn" && (
          <button type="button" className="button" disabled={busy} onClick={() => end("settle")}>
            Settle now
          </button>
        )}
      </div>
      {depositing && (
        <Suspense fallback={null}>
          <DepositDialog
            open={depositing}
            onOpenChange={setDepositing}
            asset={asset}
            suggested={stake === undefined ? undefined : stake * 10n}
          />
        </Suspense>
      )}
    </section>
  );
}
