import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type OutcomeClass,
  WAD,
  choiceByte,
  gameOf,
  oddsOf,
} from "./types.ts";

/**
 * Punto banco from a fresh shoe of eight decks: player at 1:1, banker at 0.95:1, tie at 9:1; a tie gives the stakes on
 * player and banker back.
 * Twin of `contracts/games/Baccarat.sol`. Choice: byte 0 is 0 for player, 1 for banker and 2 for tie.
 */

export type BaccaratSide = "player" | "banker" | "tie";
export type BaccaratChoice = { side: BaccaratSide };

export type BaccaratOutcome = {
  /** Cards of the shoe, 0 to 415, in the order of the deal: rank `card % 13` from ace to king, suit `card / 13 % 4`. */
  player: number[];
  banker: number[];
  playerPoints: number;
  bankerPoints: number;
  winner: BaccaratSide;
};

const SIDES = ["player", "banker", "tie"] as const;
const PLAYER = 0n;
const BANKER = 1n;
const TIE = 2n;

const SHOE = 416;
const RANKS = 13;

const PLAYER_PAYS_WAD = 2n * WAD;
const BANKER_PAYS_WAD = (WAD * 195n) / 100n;
const TIE_PAYS_WAD = 10n * WAD;

/** Of all deals of six cards in order: a third card that is not needed counts as dealt. */
const PLAYER_WINS = 2_230_518_282_592_256n;
const BANKER_WINS = 2_292_252_566_437_888n;
const TIES = 475_627_426_473_216n;
const DEALS = PLAYER_WINS + BANKER_WINS + TIES;

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const bet = parse(choice);
  const winner = BigInt(SIDES.indexOf(outcome(seed).winner));
  if (winner !== bet) return winner === TIE ? WAD : 0n;
  if (bet === TIE) return TIE_PAYS_WAD;
  return bet === BANKER ? BANKER_PAYS_WAD : PLAYER_PAYS_WAD;
}

function distribution(choice: Hex): OutcomeClass[] {
  const bet = parse(choice);
  if (bet === TIE) {
    return [
      { label: "tie", weight: TIES, multiplierWad: TIE_PAYS_WAD },
      { label: "no tie", weight: PLAYER_WINS + BANKER_WINS, multiplierWad: 0n },
    ];
  }
  const [wins, losses] = bet === PLAYER ? [PLAYER_WINS, BANKER_WINS] : [BANKER_WINS, PLAYER_WINS];
  return [
    {
      label: "win",
      weight: wins,
      multiplierWad: bet === PLAYER ? PLAYER_PAYS_WAD : BANKER_PAYS_WAD,
    },
    { label: "tie, stake back", weight: TIES, multiplierWad: WAD },
    { label: "loss", weight: losses, multiplierWad: 0n },
  ];
}

function encode({ side }: BaccaratChoice): Hex {
  if (!SIDES.includes(side)) throw new IllegalChoice({ choice: String(side) });
  return numberToHex(BigInt(SIDES.indexOf(side)) << 120n, { size: 16 });
}

function decode(choice: Hex): BaccaratChoice {
  return { side: SIDES[Number(parse(choice))]! };
}

/** Deals both hands and plays them by the table. */
function outcome(seed: bigint): BaccaratOutcome {
  const cards = dealt(seed);
  // Cards go to the player and the banker in turn.
  const player = [cards[0]!, cards[2]!];
  const banker = [cards[1]!, cards[3]!];

  // Eight or nine is a natural: nobody draws.
  if (pointsOf(player) < 8 && pointsOf(banker) < 8) {
    if (pointsOf(player) > 5) {
      if (pointsOf(banker) < 6) banker.push(cards[4]!);
    } else {
      player.push(cards[4]!);
      if (bankerDraws(pointsOf(banker), pointsOf([cards[4]!]))) banker.push(cards[5]!);
    }
  }

  const [playerPoints, bankerPoints] = [pointsOf(player), pointsOf(banker)];
  const winner =
    playerPoints === bankerPoints ? "tie" : playerPoints > bankerPoints ? "player" : "banker";
  return { player, banker, playerPoints, bankerPoints, winner };
}

/** Whether the banker draws once the player drew a third card of so many points. */
function bankerDraws(banker: number, third: number): boolean {
  if (banker < 3) return true;
  if (banker === 3) return third !== 8;
  // At 4 to 2-7, at 5 to 4-7, at 6 to 6-7, at 7 never.
  return third < 8 && third >= 2 * (banker - 3);
}

/**
 * Six cards of the shoe, without replacement: the seed's digits to the bases 416, 415, ..., 411 are the places in what
 * is left of it. Dealing moves the last card left to the place that became free.
 */
function dealt(seed: bigint): number[] {
  // All digits together stay below 2^53.
  let rest = Number(seed % DEALS);
  const places: number[] = [];
  return Array.from({ length: 6 }, (_, index) => {
    const left = SHOE - index;
    let card = rest % left;
    rest = Math.floor(rest / left);
    places.push(card);
    for (let earlier = index - 1; earlier >= 0; earlier--) {
      if (card === places[earlier]) card = SHOE - 1 - earlier;
    }
    return card;
  });
}

/** The points of a hand: ranks up to nine count, tens and faces do not, and only the last digit of the sum does. */
function pointsOf(cards: readonly number[]): number {
  const points = cards.map((card) => {
    const rank = card % RANKS;
    return rank < 9 ? rank + 1 : 0;
  });
  return points.reduce((sum, each) => sum + each, 0) % 10;
}

function parse(choice: Hex): bigint {
  return choiceByte(choice, TIE);
}

function capitalised(side: BaccaratSide): string {
  return side.charAt(0).toUpperCase() + side.slice(1);
}

export const baccarat: Game<BaccaratChoice, BaccaratOutcome> = gameOf({
  id: 12,
  key: "baccarat",
  name: "Baccarat",
  contract: { name: "Baccarat", args: [] },
  odds: (choice) => oddsOf(distribution(choice)),
  multiplierWad,
  distribution,
  choices: () => SIDES.map((side) => encode({ side })),
  encode,
  decode,
  outcome,
  describe: (choice) => capitalised(decode(choice).side),
  describeOutcome: (seed) => {
    const { playerPoints, bankerPoints, winner } = outcome(seed);
    return `${capitalised(winner)}, ${playerPoints} to ${bankerPoints}`;
  },
});
