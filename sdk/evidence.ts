import {
  type Address,
  type Hash,
  type Hex,
  type PublicClient,
  decodeFunctionData,
  isAddressEqual,
  parseAbi,
  parseAbiItem,
} from "viem";
import type { Deployment } from "./deployment.ts";
import { decodeEnded, nextBetId } from "./layout.ts";
import {
  type Proof,
  type RequestCommitment,
  decodeFulfilment,
  keyHashOf,
  requestIdOf,
} from "./vrf.ts";

/** Where a log is on the chain. */
export type Place = { block: bigint; blockHash: Hash; tx: Hash; logIndex: number };

/**
 * All that the chain says about one bet, unjudged. What is missing has not happened, or was not found.
 * Amounts are units, times are seconds.
 */
export type Evidence = {
  betId: bigint;
  chainId: number;
  /** The latest block when this was collected. */
  head: { block: bigint; timestamp: bigint };
  /** `extras` is 0 for a plain bet. */
  placed?: Place & { player: Address; bet: bigint; extras: bigint };
  /** The block that holds bet and request, as its header says. */
  requestBlock?: { number: bigint; hash: Hash; timestamp: bigint };
  /** The casino's word about the request. */
  requested?: Place & { round: bigint; requestId: bigint; slot: bigint };
  /** The source that the casino had pinned then, and how many rounds were requested of earlier ones. */
  source?: Place & {
    coordinator: Address;
    keyHash: Hex;
    subscription: bigint;
    confirmations: number;
    roundsBefore: bigint;
  };
  /** The coordinator's word about the request. */
  request?: Place & {
    keyHash: Hex;
    requestId: bigint;
    preSeed: bigint;
    subId: bigint;
    minimumRequestConfirmations: number;
    callbackGasLimit: number;
    numWords: number;
    extraArgs: Hex;
    sender: Address;
  };
  /** The coordinator's word about the fulfilment, with the proof out of its transaction. */
  fulfilled?: Place & {
    requestId: bigint;
    outputSeed: bigint;
    success: boolean;
    timestamp: bigint;
    proof?: Proof;
    commitment?: RequestCommitment;
  };
  /** The casino's word about the fulfilment. */
  drawn?: Place & { requestId: bigint; word: bigint; timestamp: bigint };
  /** The next bet of the lane, whose placing tells in `ended` whether it settled this one. */
  next?: Place & { ended: bigint };
  /** Where the bet was settled: in an event of its own, or by the next bet of the lane. */
  settled?: Place & { payout: bigint; played: number };
  refunded?: Place & { stake: bigint; faulty: boolean };
};

const EVENTS = {
  BetPlaced: parseAbiItem(
    "event BetPlaced(uint256 indexed betId, address indexed player, uint256 bet, uint256 ended)",
  ),
  BetExtended: parseAbiItem("event BetExtended(uint256 indexed betId, uint256 extras)"),
  RoundsPlayed: parseAbiItem("event RoundsPlayed(uint256 indexed betId, uint256 played)"),
  BetSettled: parseAbiItem("event BetSettled(uint256 indexed betId, uint256 payout)"),
  BetRefunded: parseAbiItem("event BetRefunded(uint256 indexed betId, uint256 stake, bool faulty)"),
  RoundRequested: parseAbiItem(
    "event RoundRequested(uint256 indexed round, uint256 indexed requestId, uint256 slot)",
  ),
  RoundDrawn: parseAbiItem("event RoundDrawn(uint256 indexed requestId, uint256 word)"),
  SourceSet: parseAbiItem(
    "event SourceSet(uint256 indexed sourceId, address coordinator, bytes32 keyHash, uint256 subscription, uint16 confirmations, uint256 worstPrice)",
  ),
  RandomWordsRequested: parseAbiItem(
    "event RandomWordsRequested(bytes32 indexed keyHash, uint256 requestId, uint256 preSeed, uint256 indexed subId, uint16 minimumRequestConfirmations, uint32 callbackGasLimit, uint32 numWords, bytes extraArgs, address indexed sender)",
  ),
  RandomWordsFulfilled: parseAbiItem(
    "event RandomWordsFulfilled(uint256 indexed requestId, uint256 outputSeed, uint256 indexed subId, uint96 payment, bool nativePayment, bool success, bool onlyPremium)",
  ),
} as const;

/** The call of Chainlink's BatchVRFCoordinatorV2Plus, which fulfils several requests in one transaction. */
const batchAbi = parseAbi([
  "struct Proof { uint256[2] pk; uint256[2] gamma; uint256 c; uint256 s; uint256 seed; address uWitness; uint256[2] cGammaWitness; uint256[2] sHashWitness; uint256 zInv; }",
  "struct RequestCommitment { uint64 blockNum; uint256 subId; uint32 callbackGasLimit; uint32 numWords; address sender; bytes extraArgs; }",
  "function fulfillRandomWords(Proof[] proofs, RequestCommitment[] rcs)",
]);
const BATCH_SELECTOR = "0x6abb1721";

/** Collects from a node what the chain says about a bet. `placedTx` spares the search for the bet's own event. */
export async function collectEvidence(
  client: PublicClient,
  { deployment, betId, placedTx }: { deployment: Deployment; betId: bigint; placedTx?: Hash },
): Promise<Evidence> {
  const { casino, deployBlock } = deployment;
  const since = { address: casino, fromBlock: BigInt(deployBlock) } as const;
  const [chainId, head, placed] = await Promise.all([
    client.getChainId(),
    client.getBlock(),
    findPlaced(client, { deployment, betId, placedTx }),
  ]);
  const evidence: Evidence = {
    betId,
    chainId,
    head: { block: head.number, timestamp: head.timestamp },
  };
  if (!placed) return evidence;

  const at = { fromBlock: placed.block, toBlock: placed.block } as const;
  const after = { address: casino, fromBlock: placed.block } as const;
  const [block, requests, ends, sources] = await Promise.all([
    client.getBlock({ blockNumber: placed.block }),
    client.getLogs({ address: casino, event: EVENTS.RoundRequested, ...at }),
    findEnds(client, { deployment, betId, since: placed.block }),
    client.getLogs({ ...since, event: EVENTS.SourceSet, toBlock: placed.block, strict: true }),
  ]);
  evidence.placed = placed;
  evidence.requestBlock = { number: block.number, hash: block.hash, timestamp: block.timestamp };
  Object.assign(evidence, ends);

  // A block in which the epoch rolled has a second round, for the bets after the roll.
  const request = requests.findLast(({ logIndex }) => logIndex < placed.logIndex);
  if (!request) return evidence;
  const { round, requestId, slot } = request.args as Required<typeof request.args>;
  evidence.requested = { ...placeOf(request), round, requestId, slot };
  const pinned = sources.findLast(
    (log) => log.blockNumber < request.blockNumber || log.logIndex < request.logIndex,
  );
  const source = pinned?.args.coordinator;
  if (!source) return evidence;
  const [roundsBefore, requestLogs, fulfilments, draws] = await Promise.all([
    pinned.args.sourceId > 0n ? roundsUntil(client, deployment, placeOf(pinned)) : 0n,
    client.getLogs({
      address: source,
      event: EVENTS.RandomWordsRequested,
      args: { sender: casino },
      ...at,
      strict: true,
    }),
    client.getLogs({
      address: source,
      event: EVENTS.RandomWordsFulfilled,
      args: { requestId },
      fromBlock: placed.block,
      strict: true,
    }),
    client.getLogs({ ...after, event: EVENTS.RoundDrawn, args: { requestId }, strict: true }),
  ]);
  const { coordinator, keyHash, subscription, confirmations } = pinned.args;
  evidence.source = {
    ...placeOf(pinned),
    coordinator,
    keyHash,
    subscription,
    confirmations,
    roundsBefore,
  };
  const told = requestLogs.find((log) => log.args.requestId === requestId);
  if (told) evidence.request = { ...placeOf(told), ...told.args };

  const [fulfilment] = fulfilments;
  if (fulfilment) {
    const { outputSeed, success } = fulfilment.args;
    const [{ input }, { timestamp }] = await Promise.all([
      client.getTransaction({ hash: fulfilment.transactionHash }),
      client.getBlock({ blockNumber: fulfilment.blockNumber }),
    ]);
    evidence.fulfilled = {
      ...placeOf(fulfilment),
      requestId,
      outputSeed,
      success,
      timestamp,
      ...proofIn(input, requestId),
    };
  }
  const [draw] = draws;
  if (draw) {
    const { timestamp } = await client.getBlock({ blockNumber: draw.blockNumber });
    evidence.drawn = { ...placeOf(draw), requestId, word: draw.args.word, timestamp };
  }
  return evidence;
}

async function findPlaced(
  client: PublicClient,
  {
    deployment,
    betId,
    placedTx,
  }: { deployment: Deployment; betId: bigint; placedTx?: Hash | undefined },
): Promise<Evidence["placed"]> {
  const { casino, deployBlock } = deployment;
  const near = placedTx
    ? (await client.getTransactionReceipt({ hash: placedTx })).blockNumber
    : undefined;
  const [log] = await client.getLogs({
    address: casino,
    event: EVENTS.BetPlaced,
    args: { betId },
    fromBlock: near ?? BigInt(deployBlock),
    ...(near === undefined ? {} : { toBlock: near }),
    strict: true,
  });
  if (!log) return undefined;
  const [extended] = await client.getLogs({
    address: casino,
    event: EVENTS.BetExtended,
    args: { betId },
    fromBlock: log.blockNumber,
    toBlock: log.blockNumber,
    strict: true,
  });
  const { player, bet } = log.args;
  return { ...placeOf(log), player, bet, extras: extended?.args.extras ?? 0n };
}

/** How the bet ended, by what its own events and the next bet's tell. */
async function findEnds(
  client: PublicClient,
  { deployment, betId, since }: { deployment: Deployment; betId: bigint; since: bigint },
): Promise<Pick<Evidence, "next" | "settled" | "refunded">> {
  const after = { address: deployment.casino, fromBlock: since, strict: true } as const;
  const [[settled], [played], [refunded], [next]] = await Promise.all([
    client.getLogs({ ...after, event: EVENTS.BetSettled, args: { betId } }),
    client.getLogs({ ...after, event: EVENTS.RoundsPlayed, args: { betId } }),
    client.getLogs({ ...after, event: EVENTS.BetRefunded, args: { betId } }),
    client.getLogs({ ...after, event: EVENTS.BetPlaced, args: { betId: nextBetId(betId) } }),
  ]);
  const ended = next && decodeEnded(next.args.ended);
  return {
    ...(next ? { next: { ...placeOf(next), ended: next.args.ended } } : {}),
    ...(next && ended ? { settled: { ...placeOf(next), ...ended } } : {}),
    ...(settled
      ? {
          settled: {
            ...placeOf(settled),
            payout: settled.args.payout,
            played: Number(played?.args.played ?? 1n),
          },
        }
      : {}),
    ...(refunded
      ? {
          refunded: {
            ...placeOf(refunded),
            stake: refunded.args.stake,
            faulty: refunded.args.faulty,
          },
        }
      : {}),
  };
}

/** How many rounds the casino had requested when it changed to a source. */
async function roundsUntil(
  client: PublicClient,
  { casino, deployBlock }: Deployment,
  set: Place,
): Promise<bigint> {
  const logs = await client.getLogs({
    address: casino,
    event: EVENTS.RoundRequested,
    fromBlock: BigInt(deployBlock),
    toBlock: set.block,
    strict: true,
  });
  const last = logs.findLast((log) => log.blockNumber < set.block || log.logIndex < set.logIndex);
  return last?.args.round ?? 0n;
}

/** The proof and commitment of one request out of the calldata of a fulfilment, alone or in a batch. */
function proofIn(
  calldata: Hex,
  requestId: bigint,
): { proof?: Proof; commitment?: RequestCommitment } {
  const isOfRequest = ({ pk, seed }: Proof) =>
    requestIdOf({ keyHash: keyHashOf(pk), preSeed: seed }) === requestId;
  if (calldata.startsWith(BATCH_SELECTOR)) {
    const [proofs, commitments] = decodeFunctionData({ abi: batchAbi, data: calldata }).args;
    const index = proofs.findIndex(isOfRequest);
    const [proof, commitment] = [proofs[index], commitments[index]];
    return proof && commitment ? { proof, commitment } : {};
  }
  return decodeFulfilment(calldata);
}

function placeOf(log: {
  blockNumber: bigint;
  blockHash: Hash;
  transactionHash: Hash;
  logIndex: number;
}): Place {
  return {
    block: log.blockNumber,
    blockHash: log.blockHash,
    tx: log.transactionHash,
    logIndex: log.logIndex,
  };
}

/** Whether two addresses are the same one, whatever their letter case; `undefined` is none. */
export function sameAddress(a: Address | undefined, b: Address | undefined): boolean {
  return a !== undefined && b !== undefined && isAddressEqual(a, b);
}
