/** What each node says to what the contracts refuse: nodes wrap revert data differently, and the SDK has to read all. */
import { type Abi, type TransactionReceipt, parseAbi } from "viem";
import { casinoAbi } from "../../sdk/abis.ts";
import { type Call, callOf, refusable, send } from "../../sdk/actions/clients.ts";
import { prepareDeposit } from "../../sdk/actions/deposit.ts";
import { exclude } from "../../sdk/actions/exclude.ts";
import { prepareOpenSession } from "../../sdk/actions/open-session.ts";
import { placeBet } from "../../sdk/actions/place-bet.ts";
import { prepareWager } from "../../sdk/actions/place-wager.ts";
import { prepareSettle } from "../../sdk/actions/settle.ts";
import { setLimits } from "../../sdk/actions/set-limits.ts";
import { whyNot } from "../../sdk/actions/why-not.ts";
import { prepareWithdraw } from "../../sdk/actions/withdraw.ts";
import { CasinoError } from "../../sdk/refusal.ts";
import { LIMITS, SESSION_KEY } from "../audit-play.ts";
import { localAccount } from "../local.ts";
import { PLAYER_ACCOUNTS, type Table } from "./play.ts";

type Case = { name: string; account: Parameters<typeof localAccount>[0]; call: Call };

const HEADS = `0x${"00".repeat(16)}` as const;
const SIDEWAYS = `0x${"ff".repeat(16)}` as const;
const FLIP = 1;
const GAS = 500_000n;
const LANE = 7;
const DAY = 86_400n;
const bankrollErrors = parseAbi([
  "function redeem(uint256 shares, address receiver, address controller)",
]);

/**
 * Has a bet refused in every way a player can meet: by `eth_call`, by `eth_estimateGas` and by a transaction that is
 * included all the same. Each answer must be the contract's own error, decoded, with its arguments.
 */
export async function meetRefusals(table: Table): Promise<void> {
  const { chain, deployment, transcript, words } = table;
  const [anna, ben, cleo] = PLAYER_ACCOUNTS as [number, number, number];
  const wager = {
    deployment,
    asset: 0,
    lane: LANE,
    game: FLIP,
    stake: 100_000n,
    choice: HEADS,
  };
  const { betId } = await placeBet(chain.clients(anna), wager);
  const wagers: [string, number, Partial<typeof wager> & { rounds?: number }][] = [
    ["LaneBusy", anna, {}],
    ["AssetUnknown", ben, { asset: 9 }],
    ["GameNotListed", ben, { game: 99 }],
    ["StakeBelowLimit", ben, { stake: 1n }],
    ["StakeAboveLimit", ben, { stake: 90_000_000_000n }],
    ["IllegalChoice", ben, { choice: SIDEWAYS }],
    ["BalanceTooLow", 0, {}],
    ["BalanceTooLow", 0, { rounds: 5 }],
  ];
  for (const [name, account, change] of wagers) await refuseWager(name, account, change);

  const day = { day: 150_000n, week: 0n, month: 0n };
  const none = { day: 0n, week: 0n, month: 0n };
  const tight = { ...LIMITS, stakes: day, losses: none };
  await setLimits(chain.clients(ben), { deployment, asset: 0, terms: tight });
  await refuseWager("StakeLimitReached", ben, { stake: 200_000n });
  await exclude(chain.clients(cleo), { deployment, kind: "cool-off", seconds: DAY });
  await refuseWager("PlayerExcluded", cleo, {});

  for (const each of otherCases()) await refuse(each);
  await includeRefused();
  await words.draw();

  /** By the SDK's rehearsal too. */
  async function refuseWager(name: string, account: number, change: Partial<typeof wager>) {
    const changed = { ...wager, ...change };
    const player = localAccount(account).address;
    const refusal = await whyNot(chain.client, { ...changed, player });
    transcript.note(`${name}, rehearsed`, said(name, refusal));
    await refuse({ name, account, call: prepareWager(changed) });
  }

  async function refuse({ name, account, call }: Case): Promise<void> {
    const clients = chain.clients(account);
    const { address } = clients.walletClient.account;
    const attempts: [string, () => Promise<unknown>][] = [
      ["sent", () => send(clients, call)],
      [
        "estimated",
        () => refusable(chain.client.estimateContractGas({ ...call, account: address })),
      ],
    ];
    for (const [how, attempt] of attempts) {
      const error: unknown = await attempt().then(
        () => undefined,
        (refused: unknown) => refused,
      );
      transcript.note(`${name}, ${how}`, said(name, error));
    }
  }

  function otherCases(): Case[] {
    const [eth, usdc] = deployment.assets;
    const player = localAccount(ben).address;
    const casino = { address: deployment.casino, abi: casinoAbi } as const;
    const terms = {
      key: SESSION_KEY.address,
      asset: 0,
      lane: LANE,
      expiry: BigInt(chain.timestamp()) + DAY,
      maxStake: 10n ** 6n,
      lastSequence: 9n,
      feeTo: localAccount("relayer").address,
      maxFee: 0n,
      games: 0n,
    };
    const session = { deployment, player, terms };
    const deposited = { deployment, asset: 0, amount: 5n, to: player };
    return [
      { name: "RoundPending", account: ben, call: prepareSettle({ deployment, betId }) },
      { name: "BetNotOpen", account: ben, call: prepareSettle({ deployment, betId: betId + 5n }) },
      {
        name: "EpochNotOver",
        account: ben,
        call: callOf({ ...casino, functionName: "rollEpoch" }),
      },
      {
        name: "AccessManagedUnauthorized",
        account: ben,
        call: callOf({ ...casino, functionName: "pause", args: [60n] }),
      },
      {
        name: "KeyRefused",
        account: ben,
        call: prepareOpenSession({ ...session, terms: { ...terms, key: player } }),
      },
      {
        name: "GrantNotSigned",
        account: "relayer",
        call: prepareOpenSession({ ...session, signature: `0x${"11".repeat(65)}` }),
      },
      {
        name: "BalanceTooLow",
        account: ben,
        call: prepareWithdraw({ deployment, asset: 0, amount: 10n ** 15n, to: player }),
      },
      {
        name: "AffiliateRefused",
        account: ben,
        call: prepareDeposit({ ...deposited, affiliate: localAccount(cleo).address }),
      },
      {
        name: "ValueMismatch",
        account: ben,
        call: { ...prepareDeposit(deposited), value: 1n },
      },
      {
        name: "ERC20InsufficientAllowance",
        account: ben,
        call: prepareDeposit({ ...deposited, asset: usdc!.id }),
      },
      {
        name: "NotOperator",
        account: ben,
        call: {
          address: eth!.bankroll,
          abi: bankrollErrors as Abi,
          functionName: "redeem",
          args: [1n, player, localAccount("liquidity").address],
        },
      },
    ];
  }

  /** One that nobody simulated: it is in its block, and did nothing. */
  async function includeRefused(): Promise<void> {
    const { publicClient, walletClient } = chain.clients(ben);
    const call = prepareWager({ ...wager, stake: 1n });
    const { account, chain: id } = walletClient;
    const hash = await walletClient.writeContract({ ...call, account, chain: id, gas: GAS });
    const receipt: TransactionReceipt = await publicClient.waitForTransactionReceipt({ hash });
    transcript.note("a refused bet that was included", receipt.status);
  }
}

function said(name: string, error: unknown): string {
  if (error instanceof CasinoError && error.name === name) return error.message;
  throw new Error(
    `The SDK reads another refusal than ${name} out of the node's answer: ${describe(error)}`,
    { cause: error },
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
