import type { Address, Client, Hex } from "viem";
import { getContractEvents } from "viem/actions";
import { casinoAbi } from "../sdk/abis.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { decodeEnded, nextBetId, seedOf } from "../sdk/layout.ts";

/** How a bet ended, from the events of the casino alone. */
export interface Outcome {
  betId: bigint;
  player: Address;
  placedTx: Hex;
  placedBlock: bigint;
  /** Undefined where no word came. */
  seed: bigint | undefined;
  drawnBlock: bigint | undefined;
  /** Undefined while not settled. */
  payout: bigint | undefined;
  refunded: bigint | undefined;
}

/** Follows a bet from event to event; undefined where the casino never took it. */
export async function readOutcome(
  client: Client,
  deployment: Deployment,
  betId: bigint,
): Promise<Outcome | undefined> {
  const { casino: address, chainId, deployBlock } = deployment;
  const casino = { abi: casinoAbi, address } as const;
  const fromBlock = BigInt(deployBlock);
  const [placed] = await getContractEvents(client, {
    ...casino,
    eventName: "BetPlaced",
    args: { betId },
    fromBlock,
    strict: true,
  });
  if (placed === undefined) return undefined;
  const since = placed.blockNumber;
  const [requests, [settled], [refunded], [next]] = await Promise.all([
    getContractEvents(client, {
      ...casino,
      eventName: "RoundRequested",
      fromBlock: since,
      toBlock: since,
      strict: true,
    }),
    getContractEvents(client, {
      ...casino,
      eventName: "BetSettled",
      args: { betId },
      fromBlock: since,
      strict: true,
    }),
    getContractEvents(client, {
      ...casino,
      eventName: "BetRefunded",
      args: { betId },
      fromBlock: since,
      strict: true,
    }),
    getContractEvents(client, {
      ...casino,
      eventName: "BetPlaced",
      args: { betId: nextBetId(betId) },
      fromBlock: since,
      strict: true,
    }),
  ]);
  // A block in which the epoch rolled has a second round, for the bets after the roll.
  const requested = requests.findLast(({ logIndex }) => logIndex < placed.logIndex);
  const requestId = requested?.args.requestId;
  const [drawn] =
    requestId === undefined
      ? []
      : await getContractEvents(client, {
          ...casino,
          eventName: "RoundDrawn",
          args: { requestId },
          fromBlock: since,
          strict: true,
        });
  return {
    betId,
    player: placed.args.player,
    placedTx: placed.transactionHash,
    placedBlock: since,
    seed:
      drawn === undefined
        ? undefined
        : seedOf({ word: drawn.args.word, chainId, casino: address, betId }),
    drawnBlock: drawn?.blockNumber,
    payout: settled?.args.payout ?? (next && decodeEnded(next.args.ended)?.payout),
    refunded: refunded?.args.stake,
  };
}
