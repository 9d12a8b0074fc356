import Link from "next/link";
import type { Deployment } from "../../sdk/deployment.ts";
import styles from "./Footer.module.css";

/** Says plainly what this is and what it is not. */
export function Footer({ deployment }: { deployment?: Deployment }) {
  return (
    <footer className={styles.footer}>
      <div className="wrap">
        <p>
          <strong>Test networks and local chains only.</strong> Coins here have no value. Before any
          use on a mainnet the operator needs a gambling licence, a legal opinion for each market
          and independent audits of the contracts; none of them exists for this code.
        </p>
        <p className="dim">
          Every game keeps a share on average; it is on the price tag before you bet.{" "}
          <Link href="/verify">Check any bet</Link>.{" "}
          <Link href="/house">See what the house holds</Link>.
        </p>
        {deployment && (
          <p className={`mono ${styles.address}`}>
            Chain {deployment.chainId} · casino {deployment.casino}
          </p>
        )}
      </div>
    </footer>
  );
}
