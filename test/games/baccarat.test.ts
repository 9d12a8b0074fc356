import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { baccarat } from "../../sdk/games/baccarat.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const DEALS = 416n * 415n * 414n * 413n * 412n * 411n;

/** The published table: what the banker does at 0 to 7 points (rows) once the player drew 0 to 9 (columns). */
const TABLE = [
  "DDDDDDDDDD",
  "DDDDDDDDDD",
  "DDDDDDDDDD",
  "DDDDDDDDSD",
  "SSDDDDDDSS",
  "SSSSDDDDSS",
  "SSSSSSDDSS",
  "SSSSSSSSSS",
];

describe("baccarat, by combinatorics", () => {
  const [player, banker, tie] = (["player", "banker", "tie"] as const).map((side) =>
    baccarat.encode({ side }),
  ) as [Hex, Hex, Hex];

  it("has the wins of a count over all deals of six cards, by the published table", () => {
    const count = counted();
    expect(count.player + count.banker + count.tie).toBe(DEALS);
    expect(weights(player)).toEqual([count.player, count.tie, count.banker]);
    expect(weights(banker)).toEqual([count.banker, count.tie, count.player]);
    expect(weights(tie)).toEqual([count.tie, count.player + count.banker]);
    // The published probabilities for eight decks.
    expect(Number(count.banker) / Number(DEALS)).toBeCloseTo(0.458597, 6);
    expect(Number(count.player) / Number(DEALS)).toBeCloseTo(0.446247, 6);
    expect(Number(count.tie) / Number(DEALS)).toBeCloseTo(0.095156, 6);
  });

  it("has the published edges: 1.2351%, 1.0579%, and 4.8440% on a tie at 9:1", () => {
    const edges = [player, banker, tie].map((choice) => Number(WAD - baccarat.odds(choice).rtpWad));
    expect(edges.map((edge) => (edge / 1e16).toFixed(4))).toEqual(["1.2351", "1.0579", "4.8440"]);
  });

  it("deals every pair of first cards once, and never a card twice", () => {
    const pairs = new Set<number>();
    for (let seed = 0n; seed < 416n * 415n; seed++) {
      const dealt = baccarat.outcome(seed, player);
      pairs.add(dealt.player[0]! * 416 + dealt.banker[0]!);
    }
    expect(pairs.size).toBe(416 * 415);
    for (let seed = 0n; seed < DEALS; seed += DEALS / 4_999n) {
      const dealt = baccarat.outcome(seed, player);
      const cards = [...dealt.player, ...dealt.banker];
      expect(new Set(cards).size).toBe(cards.length);
      expect(cards.every((card) => card >= 0 && card < 416)).toBe(true);
    }
  });

  it("deals the very cards that a shoe of eight decks holds, one by one taken out", () => {
    for (let seed = 1n; seed < DEALS; seed += DEALS / 4_999n) {
      const cards = fromShoe(seed);
      const dealt = baccarat.outcome(seed, player);
      expect(dealt.player.slice(0, 2)).toEqual([cards[0], cards[2]]);
      expect(dealt.banker.slice(0, 2)).toEqual([cards[1], cards[3]]);
      const winner = winnerOf(cards.map(pointsOf));
      expect(dealt.winner).toBe(winner);
      expect(baccarat.outcome(seed + 7n * DEALS, player)).toEqual(dealt);
    }
  });

  it("deals again where a card was taken: the last card of the shoe lies there", () => {
    // The first place six times.
    expect(baccarat.outcome(0n, player)).toMatchObject({
      player: [0, 414, 412],
      banker: [415, 413, 411],
    });
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const side of ["player", "banker", "tie"] as const) {
      expect(baccarat.decode(baccarat.encode({ side }))).toEqual({ side });
    }
    expect(baccarat.describe(banker)).toBe("Banker");
    // Ace, queen and ten against king, jack and nine.
    expect(baccarat.describeOutcome(0n, tie)).toBe("Banker, 1 to 9");
    expect(() => baccarat.encode({ side: "dragon" as "tie" })).toThrow(IllegalChoice);
  });

  function weights(choice: Hex): bigint[] {
    return baccarat.distribution(choice).map(({ weight }) => weight);
  }
});

/** Six cards by their points, each sequence with as many deals as there are cards left of its points. */
function counted(): Record<"player" | "banker" | "tie", bigint> {
  const wins = { player: 0n, banker: 0n, tie: 0n };
  const left = [128, 32, 32, 32, 32, 32, 32, 32, 32, 32];
  const hand: number[] = [];
  // At most 416 x 415 x ... x 411, below 2^53.
  const deal = (ways: number): void => {
    if (hand.length === 6) {
      wins[winnerOf(hand)] += BigInt(ways);
      return;
    }
    for (let points = 0; points < 10; points++) {
      const of = left[points]!;
      left[points]!--;
      hand.push(points);
      deal(ways * of);
      hand.pop();
      left[points]!++;
    }
  };
  deal(1);
  return wins;
}

function winnerOf(hand: readonly number[]): "player" | "banker" | "tie" {
  let player = (hand[0]! + hand[2]!) % 10;
  let banker = (hand[1]! + hand[3]!) % 10;
  if (player < 8 && banker < 8) {
    if (player >= 6) {
      if (banker <= 5) banker = (banker + hand[4]!) % 10;
    } else {
      const draws = TABLE[banker]![hand[4]!] === "D";
      player = (player + hand[4]!) % 10;
      if (draws) banker = (banker + hand[5]!) % 10;
    }
  }
  if (player === banker) return "tie";
  return player > banker ? "player" : "banker";
}

function fromShoe(seed: bigint): number[] {
  const shoe = Array.from({ length: 416 }, (_, card) => card);
  let rest = seed;
  return Array.from({ length: 6 }, () => {
    const place = Number(rest % BigInt(shoe.length));
    rest /= BigInt(shoe.length);
    const last = shoe.pop()!;
    if (place === shoe.length) return last;
    const card = shoe[place]!;
    shoe[place] = last;
    return card;
  });
}

function pointsOf(card: number): number {
  const rank = (card % 13) + 1;
  return rank > 9 ? 0 : rank;
}
