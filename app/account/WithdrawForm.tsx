"use client";

import { useState } from "react";
import { useConnection } from "wagmi";
import type { Asset } from "../../sdk/deployment.ts";
import { useLane } from "../data-client.ts";
import { amountText, formatUnits, parseAmount } from "../format.ts";
import { withdrawCall } from "../play/calls.ts";
import { useSender } from "../play/use-sender.ts";
import { useDeployment } from "../settings.ts";

/** Takes part or all of the ledger's balance out to the wallet. */
export function WithdrawForm({ asset }: { asset: Asset }) {
  const deployment = useDeployment();
  const connection = useConnection();
  const lane = useLane(connection.address, asset.id);
  const { sending, run } = useSender(asset);
  const [text, setText] = useState("");
  const balance = lane.data?.balance;
  const amount = parseAmount(text, asset.ledgerDecimals);
  const busy = sending.phase === "signing" || sending.phase === "sent";
  const tooMuch = amount !== undefined && balance !== undefined && amount > balance;

  const submit = async () => {
    const { address } = connection;
    if (address === undefined || amount === undefined) return;
    const done = await run("withdraw", async (send) => {
      await send(withdrawCall(deployment.casino, asset, amount, address));
    });
    if (done) setText("");
  };

  const note =
    sending.phase === "failed"
      ? sending.reason
      : sending.phase === "signing"
        ? "Confirm in your wallet."
        : sending.phase === "sent"
          ? "Waiting for the block."
          : tooMuch
            ? "Your balance is less than that."
            : "No approval by anyone, in any state of the casino.";
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="field">
        <label htmlFor="withdraw-amount">Amount, {asset.symbol}</label>
        <input
          id="withdraw-amount"
          className="input num"
          inputMode="decimal"
          autoComplete="off"
          value={text}
          disabled={busy}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <p className="spread small dim">
        <span>Balance</span>
        <span className="num">
          {balance === undefined
            ? "—"
            : `${formatUnits(balance, asset.ledgerDecimals)} ${asset.symbol}`}
        </span>
      </p>
      <div className="segments">
        <button
          type="button"
          className="button"
          disabled={busy || !balance}
          onClick={() => setText(amountText(balance ?? 0n, asset.ledgerDecimals))}
        >
          All of it
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={busy || amount === undefined || amount === 0n || tooMuch}
        >
          {busy ? "Withdrawing" : "Withdraw"}
        </button>
      </div>
      <p className={`note ${sending.phase === "failed" || tooMuch ? "alert" : ""}`} role="status">
        {note}
      </p>
    </form>
  );
}
