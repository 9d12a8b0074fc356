"use client";

import * as Dialog from "@radix-ui/react-dialog";
import { type Connector, useConnect, useConnectors } from "wagmi";
import { useSettings } from "../settings.ts";
import styles from "./wallet.module.css";

/** Announced wallets first; the bare `window.ethereum` only where none announced itself. */
function offered(connectors: readonly Connector[]): Connector[] {
  const announced = connectors.filter(
    (connector) => connector.type === "injected" && connector.id !== "injected",
  );
  const bare = typeof window !== "undefined" && "ethereum" in window;
  return connectors.filter(
    (connector) => connector.id !== "injected" || (announced.length === 0 && bare),
  );
}

function refusal(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "UserRejectedRequestError") return "You declined in the wallet. Nothing was sent.";
  return error instanceof Error ? (error.message.split("\n")[0] ?? error.message) : String(error);
}

/** The wallets this browser has, and what came of asking one. */
export function WalletDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange(open: boolean): void;
}) {
  const connectors = useConnectors();
  const connect = useConnect();
  const { local } = useSettings();
  const choices = open ? offered(connectors) : [];

  const choose = (connector: Connector) =>
    connect.mutate(
      { connector },
      {
        onSuccess: async (data) => {
          onOpenChange(false);
          if (connector.id !== "burner" || !local) return;
          // A new burner has nothing to pay gas with; the server ignores an address that has coins.
          await fetch("/api/faucet", {
            method: "POST",
            body: JSON.stringify({ address: data.accounts[0] }),
          });
        },
      },
    );

  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next);
        connect.reset();
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <div className="stack">
            <div className="spread">
              <Dialog.Title>Connect a wallet</Dialog.Title>
              <Dialog.Close className="button quiet">Close</Dialog.Close>
            </div>
            <Dialog.Description className="small dim">
              It signs your bets. The casino never holds your key, and you can withdraw at any time.
            </Dialog.Description>
            <ul className={styles.wallets}>
              {choices.map((connector) => (
                <li key={connector.uid}>
                  <button
                    type="button"
                    className={`button ${styles.wallet}`}
                    disabled={connect.isPending}
                    onClick={() => choose(connector)}
                  >
                    {connector.icon?.startsWith("data:") ? (
                      <img src={connector.icon} alt="" width={24} height={24} />
                    ) : (
                      <span className={styles.mark} aria-hidden="true" />
                    )}
                    <span>
                      {connector.name}
                      {connector.id === "burner" && (
                        <span className={styles.hint}>
                          Made in this browser, with test coins. For this local chain alone.
                        </span>
                      )}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {choices.length === 0 && (
              <p className="small">
                No wallet was found in this browser. Install one that announces itself (EIP-6963),
                then reload this page.
              </p>
            )}
            <p className={`note ${connect.error ? "alert" : ""}`} role="status">
              {connect.isPending
                ? "Waiting for your wallet."
                : connect.error
                  ? refusal(connect.error)
                  : ""}
            </p>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
