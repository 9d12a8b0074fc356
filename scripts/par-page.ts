import {
  type Fraction,
  type ParClass,
  type ParSheet,
  type Rounding,
  decimal,
  fraction,
  indexSquared,
  inverse,
  plus,
  rootDecimal,
  showFraction,
  times,
} from "../sdk/games/par.ts";
import { escaped } from "./html.ts";

/** What a PAR sheet looks like on a terminal, on paper and in an index: the same rows everywhere. */

export type Row = { label: string; value: string; exact: string };
export type ClassRow = {
  label: string;
  chance: string;
  oneIn: string;
  pays: string;
  share: string;
};

const HUNDRED = fraction(100n, 1n);
const DIRECTIONS =
  "Rounded down: RTP, chances, hit frequency, Kelly stake. Rounded up: edge, variance, volatility, " +
  "stakes back, disguised losses, odds, rounds, least stake.";

/** Longer ones are shown in full in the JSON alone. */
const MAX_EXACT = 40;
/** Up to so many classes have rows of their own. */
const MAX_CLASSES = 60;

export function figureRows(sheet: ParSheet): Row[] {
  const { topAward, variance } = sheet;
  const share = (label: string, value: Fraction, rounding: Rounding, places = 4): Row => ({
    label,
    value: `${percent(value, rounding, places)} %`,
    exact: showFraction(value),
  });
  return [
    share("RTP", sheet.rtp, "down"),
    share("House edge", sheet.edge, "up"),
    { label: "Variance", value: decimal(variance, 4, "up"), exact: showFraction(variance) },
    {
      label: "Volatility (sigma)",
      value: rootDecimal(variance, 4, "up"),
      exact: `sqrt ${showFraction(variance)}`,
    },
    {
      label: "Volatility index (90%)",
      value: rootDecimal(indexSquared(sheet), 4, "up"),
      exact: "1.645 sigma",
    },
    share("Hit frequency", sheet.hitFrequency, "down"),
    share("Exactly the stake back", sheet.pushes, "up"),
    share("Losses disguised as wins", sheet.disguisedLosses, "up"),
    {
      label: "Top award",
      value: `${multiplier(topAward.multiplier)} ×`,
      exact: showFraction(topAward.multiplier),
    },
    {
      label: "Top award odds",
      value: oneIn(topAward.probability),
      exact: showFraction(topAward.probability),
    },
    {
      label: "Rounds to RTP ±1 point (95%)",
      value: grouped(`${sheet.roundsWithinOnePoint}`),
      exact: "(1.96 sigma / 0.01)^2",
    },
    share("Full Kelly stake, of bankroll", sheet.kellyStake, "down", 5),
    {
      label: "Least stake",
      value: `${grouped(`${sheet.leastStake}`)} units`,
      exact: `rounding takes at most ${multiplier(times(sheet.tolerance, HUNDRED))} points`,
    },
  ];
}

/** A row for each class; for each band of multipliers where there are many. */
export function classRows({ classes }: ParSheet): ClassRow[] {
  if (classes.length <= MAX_CLASSES) {
    return classes.map((each) => rowOf(each.label, [each], `${multiplier(each.multiplier)} ×`));
  }
  const bands = new Map<string, ParClass[]>();
  for (const each of classes) {
    const label = bandOf(each);
    bands.set(label, [...(bands.get(label) ?? []), each]);
  }
  return [...bands].map(([label, own]) =>
    rowOf(label, own, `${own.length > 1 ? "at most " : ""}${multiplier(own[0]!.multiplier)} ×`),
  );
}

function rowOf(label: string, classes: readonly ParClass[], pays: string): ClassRow {
  const none = fraction(0n, 1n);
  const chance = classes.reduce((sum, { probability }) => plus(sum, probability), none);
  const share = classes.reduce((sum, each) => plus(sum, each.share), none);
  return {
    label,
    chance: `${percent(chance, "down", 6)} %`,
    oneIn: oneIn(chance),
    pays,
    share: `${percent(share, "down", 4)} %`,
  };
}

/** Where a multiplier lies among 1, 2, 5, 10, 20, 50, ... */
function bandOf({ multiplier: pays }: ParClass): string {
  if (pays.numerator === 0n) return "nothing";
  if (pays.numerator < pays.denominator) return "less than the stake";
  const whole = pays.numerator / pays.denominator;
  const power = 10n ** BigInt(`${whole}`.length - 1);
  const step = [5n, 2n, 1n].find((each) => whole >= each * power)!;
  const next = step === 5n ? 10n * power : step === 2n ? 5n * power : 2n * power;
  return `${grouped(`${step * power}`)} to under ${grouped(`${next}`)} times`;
}

/** "1 in 37", rounded up where it does not end. */
export function oneIn(chance: Fraction): string {
  return `1 in ${grouped(decimal(inverse(chance), 2, "up").replace(/\.00$/, ""))}`;
}

/** The sheet as aligned columns. */
export function sheetText(sheet: ParSheet): string {
  const rows = figureRows(sheet).map(({ label, value, exact }): [string, string, string] => [
    label,
    value,
    exact.length > MAX_EXACT ? "exact in the JSON" : exact,
  ]);
  const classes = classRows(sheet);
  return [
    `${sheet.game.name}: ${sheet.description}`,
    `choice ${sheet.choice}, ${grouped(`${sheet.space}`)} equally likely draws`,
    "",
    ...columns(rows, "lrl"),
    "",
    ...columns(
      [
        ["outcome", "chance", "", "pays", "of RTP"],
        ...classes.map(({ label, chance, oneIn, pays, share }) => [
          label,
          chance,
          oneIn,
          pays,
          share,
        ]),
      ],
      "lrrrr",
    ),
    "",
    DIRECTIONS,
  ].join("\n");
}

/** One line for each sheet. */
export function summaryText(sheets: readonly ParSheet[]): string {
  return columns(
    [
      ["choice", ...SUMMARY, "hex"],
      ...sheets.map((sheet) => {
        const [description, ...cells] = summary(sheet);
        return [shortened(description!), ...cells, sheet.choice];
      }),
    ],
    "lrrrrrl",
  ).join("\n");
}

function shortened(text: string): string {
  return text.length > MAX_EXACT ? `${text.slice(0, MAX_EXACT - 1)}…` : text;
}

const SUMMARY = ["RTP", "volatility", "hit", "top award", "Kelly"] as const;

function summary(sheet: ParSheet): string[] {
  return [
    sheet.description,
    `${percent(sheet.rtp, "down", 3)} %`,
    rootDecimal(sheet.variance, 3, "up"),
    `${percent(sheet.hitFrequency, "down", 2)} %`,
    `${multiplier(sheet.topAward.multiplier)} ×`,
    `${percent(sheet.kellyStake, "down", 4)} %`,
  ];
}

/** Columns wide enough for their cells; `sides` says "l" or "r" for each. */
export function columns(rows: readonly (readonly string[])[], sides: string): string[] {
  const widths = [...sides].map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) =>
        sides[at] === "r" ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** The index of `docs/par/`. */
export function indexMarkdown(games: readonly { sheets: readonly ParSheet[] }[]): string {
  const rows = games.map(({ sheets }) => {
    const { key, name } = sheets[0]!.game;
    const rtps = sheets.map(({ rtp }) => rtp).toSorted(ascending);
    const sigmas = sheets.map(({ variance }) => variance).toSorted(ascending);
    const range = (low: string, high: string) => (low === high ? low : `${low} to ${high}`);
    return [
      `[${name}](${key}.html)`,
      `${sheets.length}`,
      range(percent(rtps[0]!, "down", 3), percent(rtps.at(-1)!, "down", 3)),
      range(rootDecimal(sigmas[0]!, 2, "up"), rootDecimal(sigmas.at(-1)!, 2, "up")),
      `[JSON](${key}.json)`,
    ];
  });
  return [
    "# PAR sheets",
    "",
    "Made by `npm run casino -- par --all` out of the games' exact distributions; `--check` says whether they are stale.",
    "How to read them: [docs/PAR.md](../PAR.md). The JSON: [docs/schemas/par.schema.json](../schemas/par.schema.json).",
    "",
    ...markdownTable([["game", "sheets", "RTP %", "volatility", "exact"], ...rows]),
    "",
  ].join("\n");
}

/** A printable page that needs nothing but itself. */
export function sheetsPage(sheets: readonly ParSheet[]): string {
  const { name, contract } = sheets[0]!.game;
  const title = sheets.length === 1 ? `${name}: ${sheets[0]!.description}` : name;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · PAR sheet</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="mark">Glasshouse</p>
<h1>${escaped(name)}</h1>
<p>PAR sheet${sheets.length === 1 ? "" : `s of ${sheets.length} choices`}, exact, from the rules in <code>contracts/games/${escaped(contract)}.sol</code> and their twin. Volatility is the standard deviation of the payout per unit staked.</p>
</header>
<main>
${sheets.length > 1 ? summarySection(sheets) : ""}${sheets.map(sheetSection).join("\n")}
</main>
<footer><p>${DIRECTIONS} Exact values stand beside them, or in the JSON where they are long.</p></footer>
</body>
</html>
`;
}

function summarySection(sheets: readonly ParSheet[]): string {
  const rows = sheets.map((sheet, at) => {
    const [description, ...cells] = summary(sheet);
    return `<tr><th scope="row"><a href="#s${at}">${escaped(description!)}</a></th>${cells.map(cell).join("")}</tr>`;
  });
  return `<section class="pane" aria-labelledby="all">
<h2 id="all">All choices</h2>
${table(["choice", ...SUMMARY], rows, "Figures of all choices")}
</section>
`;
}

function sheetSection(sheet: ParSheet, at: number): string {
  const figures = figureRows(sheet).map(({ label, value, exact }) => {
    const long = exact.length > MAX_EXACT;
    return `<div><dt>${escaped(label)}</dt><dd>${unitDimmed(value)}</dd><dd class="exact">${long ? "exact in the JSON" : escaped(exact)}</dd></div>`;
  });
  const classes = classRows(sheet).map(
    ({ label, chance, oneIn, pays, share }) =>
      `<tr><th scope="row">${escaped(label)}</th>${[chance, oneIn, pays, share].map(cell).join("")}</tr>`,
  );
  return `<section class="pane sheet" id="s${at}" aria-labelledby="h${at}">
<h2 id="h${at}">${escaped(sheet.description)}</h2>
<p class="meta"><code>${sheet.choice}</code> · ${grouped(`${sheet.space}`)} equally likely draws</p>
<dl>
${figures.join("\n")}
</dl>
${table(["outcome", "chance", "odds", "pays", "of RTP"], classes, `Outcomes of ${sheet.description}`)}
</section>`;
}

function table(heads: readonly string[], rows: readonly string[], caption: string): string {
  const head = heads.map((each) => `<th scope="col">${escaped(each)}</th>`).join("");
  return `<div class="scroll" role="region" aria-label="${escaped(caption)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

function cell(value: string): string {
  return `<td>${unitDimmed(value)}</td>`;
}

/** The unit is dimmer than the value. */
function unitDimmed(value: string): string {
  return escaped(value)
    .replace(/ (%|×|units)$/, ' <span class="unit">$1</span>')
    .replace(/^(1 in|at most) /, '<span class="unit">$1</span> ');
}

function markdownTable([head, ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head!.map((_, at) =>
    Math.max(3, ...[head!, ...rows].map((row) => row[at]!.length)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (row: readonly string[]) => line(row.map((each, at) => each.padEnd(widths[at]!)));
  return [padded(head!), line(widths.map((width) => "-".repeat(width))), ...rows.map(padded)];
}

export function percent(value: Fraction, rounding: Rounding, places: number): string {
  return decimal(times(value, HUNDRED), places, rounding);
}

/** As many places as it needs, six at most, rounded down. */
export function multiplier(value: Fraction): string {
  return grouped(decimal(value, 6, "down").replace(/\.?0+$/, ""));
}

/** Thousands apart. */
export function grouped(value: string): string {
  const [whole, places] = value.split(".");
  const apart = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return places === undefined ? apart : `${apart}.${places}`;
}

function ascending(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const STYLE = `
:root{--bg:#f1f6f4;--panel:#fff;--inset:#e2ece8;--ink:#0b1f1a;--ink-2:#465e57;--edge:#00695a;--link:#1b49c9;--hair:#c9d8d2;
--sans:"Instrument Sans",system-ui,sans-serif;--mono:"Martian Mono",ui-monospace,"DejaVu Sans Mono",monospace}
*{box-sizing:border-box}
body{margin:0;padding:24px;background:var(--bg);color:var(--ink);font:400 16px/1.5 var(--sans)}
header,main,footer{max-width:960px;margin:0 auto}
h1,h2{margin:0;line-height:1.15;font-stretch:78%}
h1{font-size:40px}
h2{font-size:22px}
p{margin:8px 0 0;color:var(--ink-2);text-wrap:pretty}
.mark{margin:0;color:var(--edge);font-weight:700}
.pane{margin-top:24px;padding:24px;background:var(--panel);border:1px solid var(--hair);border-right:5px solid var(--edge);border-radius:2px}
code,dd,td{font-family:var(--mono);font-variant-numeric:tabular-nums;font-size:13px}
code{overflow-wrap:anywhere}
dl{margin:20px 0 0;border-top:1px solid var(--hair)}
dl div{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,4fr) minmax(0,6fr);gap:4px 20px;padding:6px 0;border-bottom:1px solid var(--hair);align-items:baseline}
dd{margin:0;text-align:right}
.exact{text-align:left;color:var(--ink-2);overflow-wrap:anywhere;font-size:12px}
.unit{color:var(--ink-2)}
.scroll{margin-top:20px;overflow-x:auto}
.scroll:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%}
th,td{padding:6px 0 6px 16px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--hair)}
th:first-child{padding-left:0;text-align:left;white-space:normal;min-width:8em}
thead th{color:var(--ink-2);font-size:13px;font-weight:400}
tbody th{font-weight:600;font-size:15px}
a{color:var(--link)}
footer{padding:24px 0}
@media (max-width:600px){
body{padding:16px}
h1{font-size:32px}
.pane{padding:16px}
dl div{grid-template-columns:minmax(0,1fr) auto}
.exact{grid-column:1/-1}
th,td{padding-left:10px}
td{font-size:12px}
}
@media print{
@page{margin:14mm}
body{padding:0;background:none;font-size:11pt}
.pane{margin-top:12pt;padding:0 8pt 0 0;border-width:0 3pt 0 0;print-color-adjust:exact}
.sheet{break-before:page}
.sheet:first-child{break-before:auto}
tr,dl div{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
a{color:inherit;text-decoration:none}
}
`;
