import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type OutcomeClass,
  WAD,
  choiceByte,
  gameOf,
  oddsOf,
  roundSeed,
} from "./types.ts";

/**
 * A whole line of craps, from the come-out roll to its end, or one roll on the field.
 * Twin of `contracts/games/Craps.sol`. Choice: byte 0 is 0 for pass, 1 for don't pass and 2 for the field.
 */

export type CrapsBet = "pass" | "don't pass" | "field";
export type CrapsChoice = { bet: CrapsBet };

export type CrapsOutcome = {
  /**
   * The dice, roll by roll. The contract draws the first roll and the last one. Those between decide nothing: the twin
   * expands them from the seed, and how many they are, as often as real dice would show neither the point nor a seven.
   */
  rolls: [number, number][];
  /** Of a line that the come-out roll did not end. */
  point?: number;
  /** Of a line: whether the shooter passes; a come-out of 12 is a loss for pass and the stake back for don't pass. */
  passes?: boolean;
};

const BETS = ["pass", "don't pass", "field"] as const;
const PASS = 0n;
const FIELD = 2n;

const ROLLS = 36n;
const SEVENS = 6n;

const EVEN_MONEY_WAD = 2n * WAD;
const TWO_PAYS_WAD = 3n * WAD;
const TWELVE_PAYS_WAD = 4n * WAD;

/** Of 1,980, the least number of equal parts into which come-out rolls and ends of lines divide. */
const PASS_WINS = 976n;
const DONT_PASS_WINS = 949n;
const DONT_PASS_PUSHES = 55n;

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const bet = parse(choice);
  const total = totalOf(diceOf(seed % ROLLS));
  if (bet === FIELD) return field(total);
  if (total === 12) return bet === PASS ? 0n : WAD;
  return passesOf(seed) === (bet === PASS) ? EVEN_MONEY_WAD : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  const bet = parse(choice);
  if (bet === FIELD) {
    return [
      { label: "12", weight: 1n, multiplierWad: TWELVE_PAYS_WAD },
      { label: "2", weight: 1n, multiplierWad: TWO_PAYS_WAD },
      { label: "3, 4, 9, 10 or 11", weight: 14n, multiplierWad: EVEN_MONEY_WAD },
      { label: "5, 6, 7 or 8", weight: 20n, multiplierWad: 0n },
    ];
  }
  if (bet === PASS) {
    return [
      { label: "pass", weight: PASS_WINS, multiplierWad: EVEN_MONEY_WAD },
      { label: "no pass", weight: DONT_PASS_WINS + DONT_PASS_PUSHES, multiplierWad: 0n },
    ];
  }
  return [
    { label: "no pass", weight: DONT_PASS_WINS, multiplierWad: EVEN_MONEY_WAD },
    { label: "12 on the come-out, stake back", weight: DONT_PASS_PUSHES, multiplierWad: WAD },
    { label: "pass", weight: PASS_WINS, multiplierWad: 0n },
  ];
}

function encode({ bet }: CrapsChoice): Hex {
  if (!BETS.includes(bet)) throw new IllegalChoice({ choice: String(bet) });
  return numberToHex(BigInt(BETS.indexOf(bet)) << 120n, { size: 16 });
}

function decode(choice: Hex): CrapsChoice {
  return { bet: BETS[Number(parse(choice))]! };
}

function outcome(seed: bigint, choice: Hex): CrapsOutcome {
  const comeOut = diceOf(seed % ROLLS);
  const total = totalOf(comeOut);
  if (parse(choice) === FIELD) return { rolls: [comeOut] };
  const passes = passesOf(seed);
  if (!isPoint(total)) return { rolls: [comeOut], passes };
  return { rolls: [comeOut, ...between(seed, total), lastOf(seed, total)], point: total, passes };
}

/** Whether the shooter passes, by the come-out roll or by the roll that ends the line. */
function passesOf(seed: bigint): boolean {
  const total = totalOf(diceOf(seed % ROLLS));
  if (!isPoint(total)) return total === 7 || total === 11;
  return endOf(seed, total) < waysOf(total);
}

/** Which of the rolls that can end the line does: first those of the point, then those of seven. */
function endOf(seed: bigint, point: number): bigint {
  return (seed / ROLLS) % (waysOf(point) + SEVENS);
}

function lastOf(seed: bigint, point: number): [number, number] {
  const end = endOf(seed, point);
  const made = end < waysOf(point);
  const total = made ? point : 7;
  const first = Math.max(1, total - 6) + Number(made ? end : end - waysOf(point));
  return [first, total - first];
}

/** Rolls of `keccak256(abi.encode(seed, i))` up to the first that would end the line. */
function between(seed: bigint, point: number): [number, number][] {
  const rolls: [number, number][] = [];
  for (let index = 0; ; index++) {
    const dice = diceOf(roundSeed(seed, index) % ROLLS);
    if (totalOf(dice) === point || totalOf(dice) === 7) return rolls;
    rolls.push(dice);
  }
}

function field(total: number): bigint {
  if (total === 2) return TWO_PAYS_WAD;
  if (total === 12) return TWELVE_PAYS_WAD;
  return total < 5 || total > 8 ? EVEN_MONEY_WAD : 0n;
}

function isPoint(total: number): boolean {
  return total > 3 && total < 11 && total !== 7;
}

/** Of the 36 rolls, those with this total. */
function waysOf(total: number): bigint {
  return BigInt(total < 7 ? total - 1 : 13 - total);
}

function diceOf(roll: bigint): [number, number] {
  return [Number(roll % 6n) + 1, Number(roll / 6n) + 1];
}

function totalOf([first, second]: readonly [number, number]): number {
  return first + second;
}

function parse(choice: Hex): bigint {
  return choiceByte(choice, FIELD);
}

function describe(choice: Hex): string {
  const { bet } = decode(choice);
  return bet.charAt(0).toUpperCase() + bet.slice(1);
}

function describeOutcome(seed: bigint, choice: Hex): string {
  const { rolls, point } = outcome(seed, choice);
  const [first, last] = [totalOf(rolls[0]!), totalOf(rolls.at(-1)!)];
  return point === undefined ? `${first}` : `Point ${first}, then ${last}`;
}

export const craps: Game<CrapsChoice, CrapsOutcome> = gameOf({
  id: 14,
  key: "craps",
  name: "Craps",
  contract: { name: "Craps", args: [] },
  odds: (choice) => oddsOf(distribution(choice)),
  multiplierWad,
  distribution,
  choices: () => BETS.map((bet) => encode({ bet })),
  encode,
  decode,
  outcome,
  describe,
  describeOutcome,
});
