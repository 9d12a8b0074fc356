"use client";

import { useState } from "react";
import { zeroAddress } from "viem";
import { useConnection, useDisconnect } from "wagmi";
import type { Asset } from "../../sdk/deployment.ts";
import { useLane, useWalletBalance } from "../data-client.ts";
import { DepositForm } from "../play/DepositForm.tsx";
import { mintCall } from "../play/calls.ts";
import { useSender } from "../play/use-sender.ts";
import { useDeployment, useSettings } from "../settings.ts";
import { Amount } from "../ui/Amount.tsx";
import { BetFeed } from "../ui/BetFeed.tsx";
import { CopyText } from "../ui/CopyText.tsx";
import { Unknown, reasonOf } from "../ui/Unknown.tsx";
import { useWalletDialog } from "../wallet/WalletDialogProvider.tsx";
import styles from "./account.module.css";
import { Transfers } from "./Transfers.tsx";
import { WithdrawForm } from "./WithdrawForm.tsx";

/** Money in, money out, and what happened to it. */
export function Account() {
  const { assets } = useDeployment();
  const connection = useConnection();
  const openWallets = useWalletDialog();
  const disconnect = useDisconnect();
  const [assetId, setAssetId] = useState(assets[0]?.id ?? 0);
  const asset = assets.find(({ id }) => id === assetId);

  if (connection.address === undefined || asset === undefined) {
    return (
      <section className={`pane stack ${styles.empty}`}>
        <h1>Account</h1>
        <p className="lead">
          Your balance lives in the casino's contract under your wallet's address. Connect the
          wallet to see it.
        </p>
        <p>
          <button
            type="button"
            className="button primary"
            onClick={openWallets}
            disabled={connection.status === "reconnecting"}
          >
            Connect wallet
          </button>
        </p>
      </section>
    );
  }
  return (
    <div className="grid">
      <section className={`pane ${styles.head}`} aria-labelledby="account">
        <div className="stack">
          <h1 id="account">Account</h1>
          <p className="row small">
            <span>{connection.connector?.name}</span>
            <CopyText text={connection.address} what="address" />
          </p>
        </div>
        <button type="button" className="button" onClick={() => disconnect.mutate({})}>
          Disconnect
        </button>
      </section>
      <section className={`pane stack ${styles.balances}`} aria-labelledby="balances">
        <h2 id="balances" className="label">
          Balances
        </h2>
        <div className="stack" role="radiogroup" aria-label="Asset">
          {assets.map((each) => (
            <Balance
              key={each.id}
              asset={each}
              player={connection.address}
              chosen={each.id === asset.id}
              onChoose={() => setAssetId(each.id)}
            />
          ))}
        </div>
        <Faucet asset={assets.find(({ token }) => token !== zeroAddress)} />
      </section>
      <section className={`pane stack ${styles.move}`} aria-labelledby="deposit">
        <h2 id="deposit">Deposit {asset.symbol}</h2>
        <DepositForm key={asset.id} asset={asset} />
      </section>
      <section className={`pane stack ${styles.move}`} aria-labelledby="withdraw">
        <h2 id="withdraw">Withdraw {asset.symbol}</h2>
        <WithdrawForm key={asset.id} asset={asset} />
      </section>
      <section className="pane stack" aria-labelledby="bets">
        <h2 id="bets" className="label">
          Your bets
        </h2>
        <BetFeed player={connection.address} limit={50} />
      </section>
      <section className="pane stack" aria-labelledby="transfers">
        <h2 id="transfers" className="label">
          Your deposits and withdrawals
        </h2>
        <Transfers player={connection.address} />
      </section>
    </div>
  );
}

function Balance({
  asset,
  player,
  chosen,
  onChoose,
}: {
  asset: Asset;
  player: `0x${string}` | undefined;
  chosen: boolean;
  onChoose(): void;
}) {
  const lane = useLane(player, asset.id);
  const wallet = useWalletBalance(player, asset.token, asset.token === zeroAddress);
  const bet = lane.data?.bet;
  return (
    <div>
      <button
        type="button"
        role="radio"
        aria-checked={chosen}
        className={`button ${styles.balance}`}
        onClick={onChoose}
      >
        <span>{asset.symbol}</span>
        <Amount units={lane.data?.balance} asset={asset} />
      </button>
      {lane.isError ? (
        <Unknown reason={reasonOf(lane.error)} retry={() => void lane.refetch()} />
      ) : (
        <p className={`tiny dim ${styles.sub}`}>
          <span>
            {bet?.open
              ? `${bet.round === "drawn" ? "drawn, unsettled" : bet.round === "void" ? "void, refundable" : "at stake"}: `
              : ""}
            {bet?.open ? <Amount units={bet.stake} asset={asset} /> : "nothing at stake"}
          </span>
          <span>
            wallet{" "}
            <Amount
              units={wallet.data === undefined ? undefined : wallet.data / asset.unit}
              asset={asset}
              places={6}
            />
          </span>
        </p>
      )}
    </div>
  );
}

/** The local chain's test token is anyone's to mint. */
function Faucet({ asset }: { asset: Asset | undefined }) {
  const { local } = useSettings();
  if (!local || asset === undefined) return null;
  return <FaucetOf asset={asset} />;
}

function FaucetOf({ asset }: { asset: Asset }) {
  const connection = useConnection();
  const { sending, run } = useSender(asset);
  const { address } = connection;
  const mint = () =>
    void run("faucet", async (send) => {
      if (address === undefined) return;
      await send(mintCall(asset, address, 1_000n * 10n ** BigInt(asset.ledgerDecimals)));
    });
  return (
    <div className="row">
      <button
        type="button"
        className="button small"
        onClick={mint}
        disabled={sending.phase === "signing" || sending.phase === "sent"}
      >
        Get 1,000 test {asset.symbol}
      </button>
      <span className={`small ${sending.phase === "failed" ? "alert" : "dim"}`} role="status">
        {sending.phase === "failed"
          ? sending.reason
          : sending.phase === "sent"
            ? "Waiting for the block."
            : "Local chain only."}
      </span>
    </div>
  );
}
