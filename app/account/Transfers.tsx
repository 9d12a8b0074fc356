"use client";

import type { Address } from "viem";
import { useTransfers } from "../data-client.ts";
import { formatCount, formatUnits, shorten } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { Unknown, reasonOf } from "../ui/Unknown.tsx";
import { ScrollBox } from "../ui/ScrollBox.tsx";

/** Deposits and withdrawals, from the indexer. */
export function Transfers({ player }: { player: Address }) {
  const transfers = useTransfers(player);
  const { assets } = useDeployment();
  if (transfers.isError) {
    return (
      <Unknown
        reason={`${reasonOf(transfers.error)} Your money is not affected: it is in the contract.`}
        retry={() => void transfers.refetch()}
      />
    );
  }
  if (transfers.data === undefined) return <p className="small dim">Reading the transfers.</p>;
  if (transfers.data.length === 0) return <p className="small dim">None yet.</p>;
  return (
    <ScrollBox label="Deposits and withdrawals">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className="num">
              Amount
            </th>
            <th scope="col">With</th>
            <th scope="col" className="num">
              Block
            </th>
            <th scope="col">Transaction</th>
          </tr>
        </thead>
        <tbody>
          {transfers.data.map((transfer) => {
            const asset = assets.find(({ id }) => id === transfer.asset);
            return (
              <tr key={`${transfer.tx}${transfer.kind}${transfer.amount}`}>
                <td>{transfer.kind === "deposit" ? "Deposit" : "Withdrawal"}</td>
                <td className="num">
                  {formatUnits(BigInt(transfer.amount), asset?.ledgerDecimals ?? 0)}
                  <span className="unit">{asset?.symbol}</span>
                </td>
                <td className="mono dim">{shorten(transfer.other, 6, 4)}</td>
                <td className="num dim">{formatCount(transfer.block)}</td>
                <td className="mono dim">{shorten(transfer.tx, 10, 6)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}
