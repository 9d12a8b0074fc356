"use client";

import Link from "next/link";
import { useConnection } from "wagmi";
import { shorten } from "../format.ts";
import { useWalletDialog } from "./WalletDialogProvider.tsx";
import styles from "./AccountButton.module.css";

/** Connects, or leads to the account. Its place in the header has a fixed width. */
export function AccountButton() {
  const connection = useConnection();
  const open = useWalletDialog();
  if (connection.address !== undefined) {
    return (
      <Link
        href="/account"
        className={`button ${styles.slot}`}
        aria-label={`Account ${connection.address}`}
      >
        <span className="mono small">{shorten(connection.address, 6, 4)}</span>
      </Link>
    );
  }
  return (
    <button type="button" className={`button ${styles.slot}`} onClick={open}>
      Connect wallet
    </button>
  );
}
