"use client";

import { useState } from "react";
import { zeroAddress } from "viem";
import { readContract } from "viem/actions";
import { useConnection } from "wagmi";
import type { Asset } from "../../sdk/deployment.ts";
import { useNode, useWalletBalance } from "../data-client.ts";
import { amountText, formatUnits, parseAmount } from "../format.ts";
import { tokenAbi } from "../abi.ts";
import { useDeployment } from "../settings.ts";
import { approveCall, depositCall } from "./calls.ts";
import { useSender } from "./use-sender.ts";

/** Moves coins or tokens from the wallet into the ledger; approves a token first where needed, for this amount alone. */
export function DepositForm({
  asset,
  suggested,
  onDone,
}: {
  asset: Asset;
  suggested?: bigint | undefined;
  onDone?: () => void;
}) {
  const deployment = useDeployment();
  const client = useNode();
  const connection = useConnection();
  const native = asset.token === zeroAddress;
  const wallet = useWalletBalance(connection.address, asset.token, native);
  const { sending, run } = useSender(asset);
  const inWallet = wallet.data === undefined ? undefined : wallet.data / asset.unit;
  const start =
    suggested === undefined || (inWallet !== undefined && suggested > inWallet)
      ? undefined
      : suggested;
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const text = typed ?? (start === undefined ? "" : amountText(start, asset.ledgerDecimals));
  const amount = parseAmount(text, asset.ledgerDecimals);
  const busy = sending.phase === "signing" || sending.phase === "sent";
  const tooMuch = amount !== undefined && inWallet !== undefined && amount > inWallet;

  const submit = async () => {
    const { address } = connection;
    if (address === undefined || amount === undefined) return;
    const done = await run("deposit", async (send) => {
      if (!native) {
        const allowance = await readContract(client, {
          abi: tokenAbi,
          address: asset.token,
          functionName: "allowance",
          args: [address, deployment.casino],
        });
        if (allowance < amount * asset.unit)
          await send(approveCall(deployment.casino, asset, amount));
      }
      await send(depositCall(deployment.casino, asset, amount, address));
    });
    if (!done) return;
    setTyped("");
    onDone?.();
  };

  const note =
    sending.phase === "failed"
      ? sending.reason
      : sending.phase === "signing"
        ? "Confirm in your wallet."
        : sending.phase === "sent"
          ? "Waiting for the block."
          : tooMuch
            ? "Your wallet holds less than that."
            : native
              ? "One confirmation."
              : "Two confirmations: the allowance of exactly this amount, then the deposit.";
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="field">
        <label htmlFor={`deposit-${asset.id}`}>Amount, {asset.symbol}</label>
        <input
          id={`deposit-${asset.id}`}
          className="input num"
          inputMode="decimal"
          autoComplete="off"
          value={text}
          disabled={busy}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <p className="spread small dim">
        <span>In your wallet</span>
        <span className="num">
          {inWallet === undefined
            ? "—"
            : `${formatUnits(inWallet, asset.ledgerDecimals, 6)} ${asset.symbol}`}
        </span>
      </p>
      <button
        type="submit"
        className="button primary"
        disabled={
          busy ||
          connection.address === undefined ||
          amount === undefined ||
          amount === 0n ||
          tooMuch
        }
      >
        {busy
          ? "Depositing"
          : amount === undefined || amount === 0n
            ? "Enter an amount"
            : `Deposit ${formatUnits(amount, asset.ledgerDecimals)} ${asset.symbol}`}
      </button>
      <p className={`note ${sending.phase === "failed" || tooMuch ? "alert" : ""}`} role="status">
        {note}
      </p>
    </form>
  );
}
