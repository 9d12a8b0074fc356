import { type Hash, type PublicClient, formatUnits } from "viem";
import { type Deployment, assetOf } from "./deployment.ts";
import { type Evidence, collectEvidence, sameAddress } from "./evidence.ts";
import { roundSeed } from "./games/types.ts";
import { decodeEnded, encodeReserve, seedOf } from "./layout.ts";
import { type PlacedBet, betIn, dueOf, feeOf, refusalOf, reserveOf } from "./placed-bet.ts";
import { keyHashOf, preSeedOf, requestIdOf, verify, wordOf } from "./vrf.ts";

export { type Evidence, collectEvidence } from "./evidence.ts";

export type StepId = "placed" | "requested" | "drawn" | "proof" | "outcome" | "paid";

/** One link of the chain from the bet to its payout. */
export type Step = {
  id: StepId;
  /** `refundable`: no word came in time, so the stake goes back. */
  status: "passed" | "failed" | "pending" | "refundable";
  title: string;
  detail: string;
  /** What the step was checked against, ready to be shown. */
  evidence: Record<string, string>;
};

export type Verification = {
  betId: bigint;
  verdict: "valid" | "pending" | "void" | "invalid";
  steps: Step[];
};

/** `Rounds.VOID_AFTER_SECONDS`: a word is accepted up to and including this long after its request. */
export const VOID_AFTER_SECONDS = 86_400n;

const TITLES: Record<StepId, string> = {
  placed: "Bet placed",
  requested: "Randomness requested",
  drawn: "Word delivered",
  proof: "Proof verified",
  outcome: "Outcome computed",
  paid: "Payout credited",
};

/** Collects what the chain says about a bet and checks it; give `evidence` to check what was collected before. */
export async function verifyBet(
  client: PublicClient,
  {
    deployment,
    betId,
    placedTx,
    evidence,
  }: { deployment: Deployment; betId: bigint; placedTx?: Hash; evidence?: Evidence },
): Promise<Verification> {
  const found =
    evidence ??
    (await collectEvidence(client, { deployment, betId, ...(placedTx ? { placedTx } : {}) }));
  return checkEvidence(found, deployment);
}

/**
 * Checks every link from the bet to its payout, without a network: bet, request, word, proof, outcome, payout.
 * A step that cannot be judged because an earlier one failed is `pending`.
 */
export function checkEvidence(evidence: Evidence, deployment: Deployment): Verification {
  const bet = betIn(evidence);
  const steps = [
    checkPlaced(evidence, deployment, bet),
    checkRequested(evidence, deployment, bet),
    checkDrawn(evidence),
    checkProof(evidence),
    checkOutcome(evidence, deployment, bet),
    checkPaid(evidence, deployment, bet),
  ];
  return { betId: evidence.betId, verdict: verdictOf(steps), steps };
}

function verdictOf(steps: Step[]): Verification["verdict"] {
  const has = (status: Step["status"]) => steps.some((step) => step.status === status);
  if (has("failed")) return "invalid";
  if (has("refundable")) return "void";
  return has("pending") ? "pending" : "valid";
}

/** The bet is on this chain, in the lane that its id names, on a game and a choice that exist. */
function checkPlaced(
  { chainId, betId, placed }: Evidence,
  deployment: Deployment,
  bet: PlacedBet | undefined,
): Step {
  const step = stepper("placed", { bet: betId, transaction: placed?.tx, block: placed?.block });
  if (chainId !== deployment.chainId) {
    return step.failed(
      `The evidence is of chain ${chainId}, the casino of chain ${deployment.chainId}.`,
    );
  }
  if (!placed || !bet) return step.failed("The chain has no bet of this id.");
  const { id, lane, extras, choice, game } = bet;
  if (!sameAddress(placed.player, id.player))
    return step.failed("The player is not the one that the bet id names.");
  if (lane.sequence !== id.sequence)
    return step.failed("The sequence is not the one that the bet id names.");
  if (!lane.open) return step.failed("The bet was not open when it was placed.");
  if (!game) return step.failed(`Game ${lane.game} is unknown.`);
  if (lane.extended !== (extras.choiceTail !== 0n || extras.rounds > 1))
    return step.failed("The extras of the bet are not those that its lane says it has.");

  const refusal = refusalOf(() => game.odds(choice));
  if (refusal) return step.failed(`${game.name} does not offer the choice ${choice}.`);
  const needed = reserveOf(bet, game.odds(choice).maxMultiplierWad);
  if (encodeReserve(lane.reserve) !== encodeReserve(needed)) {
    return step.failed(
      `The house reserved ${lane.reserve} units, not the ${needed} that the bet can cost it.`,
    );
  }
  return step.passed(
    `${game.name}, ${game.describe(choice)}, for ${money(deployment, id.asset, lane.stake)}${
      extras.rounds > 1 ? ` a round, up to ${extras.rounds} rounds` : ""
    }, in lane ${id.lane}.`,
    { player: id.player, stake: lane.stake, choice },
  );
}

/** The request was sent in the bet's own block, before its outcome could be known, to the source pinned then. */
function checkRequested(
  evidence: Evidence,
  deployment: Deployment,
  bet: PlacedBet | undefined,
): Step {
  const { placed, requested, requestBlock, source, request } = evidence;
  const step = stepper("requested", {
    round: requested?.round,
    request: requested?.requestId,
    coordinator: source?.coordinator,
    block: requestBlock?.number,
    blockHash: requestBlock?.hash,
  });
  if (!placed || !bet) return step.pending("There is no bet to ask a word for.");
  if (!requested || !requestBlock) return step.failed("No round was requested in the bet's block.");
  if (requested.block !== placed.block || requestBlock.number !== placed.block) {
    return step.failed("The round was not requested in the bet's block.");
  }
  if (requestBlock.hash !== requested.blockHash || requestBlock.hash !== placed.blockHash) {
    return step.failed("The block hash of the request is not that of the bet's block.");
  }
  if (requested.logIndex > placed.logIndex)
    return step.failed("The round was requested after the bet was placed.");
  if (BigInt(bet.lane.slot) !== requested.slot)
    return step.failed("The bet is tied to another round's slot.");
  if (!source) return step.failed("The casino had set no source of randomness.");
  if (!request || request.block !== placed.block)
    return step.failed("The coordinator knows of no such request.");
  if (request.keyHash !== source.keyHash)
    return step.failed("The key hash is not the one that the casino had set.");
  if (request.subId !== source.subscription)
    return step.failed("The subscription is not the casino's own.");
  if (!sameAddress(request.sender, deployment.casino))
    return step.failed("The sender is not the casino.");
  if (request.minimumRequestConfirmations !== source.confirmations) {
    return step.failed("The confirmations are not those that the casino had set.");
  }
  if (request.numWords !== 1)
    return step.failed("The casino asks for one word; this request is for another number.");

  const nonce = requested.round - source.roundsBefore;
  const preSeed = preSeedOf({
    keyHash: source.keyHash,
    sender: deployment.casino,
    subId: source.subscription,
    nonce,
  });
  if (preSeed !== request.preSeed)
    return step.failed(`The pre-seed is not that of request number ${nonce}.`);
  const requestId = requestIdOf({ keyHash: source.keyHash, preSeed });
  if (requestId !== requested.requestId || requestId !== request.requestId) {
    return step.failed("The request id does not follow from key hash and pre-seed.");
  }
  return step.passed(
    `Round ${requested.round} was requested in the bet's own block, so nobody could know its word.`,
    {
      keyHash: request.keyHash,
      preSeed: request.preSeed,
    },
  );
}

/** The casino took the word that the coordinator delivered, in time. */
function checkDrawn({ head, requested, requestBlock, fulfilled, drawn, refunded }: Evidence): Step {
  const step = stepper("drawn", { word: drawn?.word, transaction: drawn?.tx, block: drawn?.block });
  if (!requested || !requestBlock) return step.pending("No word was asked for.");
  const deadline = requestBlock.timestamp + VOID_AFTER_SECONDS;
  if (!drawn) {
    if (fulfilled && fulfilled.timestamp <= deadline) {
      return step.failed(
        "The coordinator delivered the word in time, but the casino did not take it.",
      );
    }
    if (refunded) return step.refundable("No word came in time; the bet is void.", { deadline });
    if (head.timestamp > deadline)
      return step.refundable("No word came in time; the stake can be taken back.", { deadline });
    return step.pending("The oracle has not delivered the word yet.", { deadline });
  }
  if (drawn.requestId !== requested.requestId)
    return step.failed("The word belongs to another request.");
  if (drawn.timestamp > deadline) return step.failed("The casino took a word after its deadline.");
  if (!fulfilled)
    return step.failed("The casino took a word that the coordinator did not deliver.");
  if (fulfilled.tx !== drawn.tx)
    return step.failed("The word came in another transaction than the fulfilment.");
  if (!fulfilled.success)
    return step.failed("The coordinator says that the casino refused the word.");
  if (wordOf(fulfilled.outputSeed, 0) !== drawn.word) {
    return step.failed("The word is not the one that follows from the coordinator's output.");
  }
  return step.passed(`The word came ${drawn.timestamp - requestBlock.timestamp} s after the bet.`);
}

/** The word follows from the oracle's key, the pre-seed and the hash of the bet's block, and from nothing else. */
function checkProof({
  requestBlock,
  requested,
  source,
  request,
  fulfilled,
  drawn,
}: Evidence): Step {
  const step = stepper("proof", {
    keyHash: source?.keyHash,
    output: fulfilled?.outputSeed,
    transaction: fulfilled?.tx,
  });
  if (!drawn || !requestBlock || !requested || !request || !source || !fulfilled) {
    return step.pending("There is no word to prove yet.");
  }
  const { proof, commitment } = fulfilled;
  if (!proof || !commitment)
    return step.failed("The transaction of the fulfilment holds no proof.");
  const differing = [
    [
      "blockNum",
      commitment.blockNum === requestBlock.number && commitment.blockNum === request.block,
    ],
    ["subId", commitment.subId === request.subId],
    ["callbackGasLimit", commitment.callbackGasLimit === request.callbackGasLimit],
    ["numWords", commitment.numWords === request.numWords],
    ["sender", sameAddress(commitment.sender, request.sender)],
    ["extraArgs", commitment.extraArgs === request.extraArgs],
  ].find(([, same]) => !same);
  if (differing) return step.failed(`The commitment differs from the request in ${differing[0]}.`);
  if (keyHashOf(proof.pk) !== source.keyHash) return step.failed("The proof is of another key.");
  if (proof.seed !== request.preSeed) return step.failed("The proof is about another pre-seed.");

  const verdict = verify({ proof, blockHash: requestBlock.hash });
  if (!verdict.valid) return step.failed(`The proof does not hold: ${verdict.reason}`);
  if (verdict.output !== fulfilled.outputSeed)
    return step.failed("The proof gives another output than the coordinator told.");
  if (verdict.word !== drawn.word)
    return step.failed("The proof gives another word than the casino took.");
  return step.passed(
    "The word follows from the oracle's registered key, the request and the hash of the bet's block.",
    {
      blockHash: requestBlock.hash,
      preSeed: proof.seed,
    },
  );
}

/** The seed gives this outcome under the rules of the game. */
function checkOutcome(
  { betId, drawn }: Evidence,
  { chainId, casino }: Deployment,
  bet: PlacedBet | undefined,
): Step {
  const step = stepper("outcome", {});
  if (!bet || !drawn) return step.pending("The outcome is not known yet.");
  const { game, choice, extras } = bet;
  if (!game) return step.failed(`Game ${bet.lane.game} is unknown.`);
  const seed = seedOf({ word: drawn.word, chainId, casino, betId });
  const due = dueOf(bet, game, seed);
  if (!due) return step.failed("The game does not offer the choice of this bet.", { seed });
  if (extras.rounds === 1) {
    return step.passed(
      `${game.describe(choice)} was bet, ${game.describeOutcome(seed, choice)} was drawn.`,
      { seed },
    );
  }
  const last = game.describeOutcome(roundSeed(seed, due.played - 1), choice);
  return step.passed(
    `${game.describe(choice)} was bet, ${due.played} of ${extras.rounds} rounds were drawn; the last one gave ${last}.`,
    { seed },
  );
}

/** The player was credited exactly what the rules say, once. */
function checkPaid(evidence: Evidence, deployment: Deployment, bet: PlacedBet | undefined): Step {
  const { betId, requestBlock, drawn, next, settled, refunded, head } = evidence;
  const step = stepper("paid", { transaction: (settled ?? refunded)?.tx });
  if (!bet) return step.pending("There is no bet to pay.");
  const { lane, id, escrow } = bet;
  if (settled && refunded) return step.failed("The bet ended twice: settled and refunded.");
  if (next) {
    const flaw = flawOfNext(next, settled, refunded);
    if (flaw) return step.failed(flaw);
  }
  if (refunded) {
    if (refunded.stake !== escrow)
      return step.failed("The refund is not the stake.", { refund: refunded.stake });
    if (drawn && !refunded.faulty)
      return step.failed("The bet was refunded although its word had come.");
    return step.refundable(
      `The stake of ${money(deployment, id.asset, escrow)} went back to the player.`,
    );
  }
  if (settled && !drawn) return step.failed("The bet was settled without a word.");
  if (!drawn) {
    const isVoid =
      requestBlock !== undefined && head.timestamp > requestBlock.timestamp + VOID_AFTER_SECONDS;
    return isVoid
      ? step.refundable("The stake can be taken back by anyone for the player.")
      : step.pending("Not decided yet.");
  }
  if (!bet.game) return step.failed(`Game ${lane.game} is unknown.`);
  const { chainId, casino } = deployment;
  const due = dueOf(bet, bet.game, seedOf({ word: drawn.word, chainId, casino, betId }));
  if (!due) return step.failed("The game does not offer the choice of this bet.");
  if (!settled) {
    return step.pending(
      `${money(deployment, id.asset, due.payout)} is due; the next bet, a keeper or anyone settles it.`,
      { due: due.payout },
    );
  }
  if (settled.played !== due.played)
    return step.failed(`${settled.played} rounds were played, but ${due.played} were due.`);
  if (settled.payout !== due.payout) {
    return step.failed(
      `The payout was ${money(deployment, id.asset, settled.payout)}, but ${money(deployment, id.asset, due.payout)} was due.`,
    );
  }
  if (due.payout + feeOf(escrow, lane) > escrow + lane.reserve)
    return step.failed("The payout is above what was reserved for it.");
  return step.passed(`${money(deployment, id.asset, due.payout)} was credited, as the rules say.`, {
    payout: settled.payout,
  });
}

/** What the next bet of the lane says about the end of this one, and should not. */
function flawOfNext(
  next: NonNullable<Evidence["next"]>,
  settled: Evidence["settled"],
  refunded: Evidence["refunded"],
): string | undefined {
  const told = decodeEnded(next.ended);
  if (!told) {
    if (settled || refunded) return undefined;
    return "The next bet of the lane was placed although this one had not ended.";
  }
  if (refunded) return "The bet ended twice: refunded, and settled by the next one.";
  if (!settled || settled.tx !== next.tx || settled.logIndex !== next.logIndex)
    return "The bet ended twice: settled, and settled by the next one.";
  if (settled.payout !== told.payout || settled.played !== told.played)
    return "The payout is not the one that the next bet of the lane tells.";
  return undefined;
}

type Shown = Record<string, string | bigint | undefined>;

function stepper(id: StepId, evidence: Shown) {
  const step =
    (status: Step["status"]) =>
    (detail: string, more: Shown = {}): Step => ({
      id,
      status,
      title: TITLES[id],
      detail,
      evidence: Object.fromEntries(
        Object.entries({ ...evidence, ...more }).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, `${value}`]],
        ),
      ),
    });
  return {
    passed: step("passed"),
    failed: step("failed"),
    pending: step("pending"),
    refundable: step("refundable"),
  };
}

function money(deployment: Deployment, asset: number, units: bigint): string {
  const { ledgerDecimals, symbol } = assetOf(deployment, asset);
  return `${formatUnits(units, ledgerDecimals)} ${symbol}`;
}
