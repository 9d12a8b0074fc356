import { formatUnits } from "viem";
import { type Check, type Report } from "../sdk/audit/report.ts";
import { barPlot, conePlot, linePlot } from "./audit-plots.ts";
import { escaped } from "./html.ts";

/** An audit's report as one page without links to anywhere: to read, to print, to keep. */
export function htmlOf(report: Report): string {
  const { house, blocks, verdict, hash, bets, rounds } = report;
  const failures = report.checks.filter(({ failed }) => failed > 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit of ${escaped(house.name)}: ${verdict}</title><style>${STYLE}</style></head><body><main>
<header class="pane"><p class="over">Glasshouse audit · ${escaped(report.schema)}</p>
<h1>${VERDICTS[verdict]}</h1>
<p>${escaped(sentence(report))}</p>
<dl>
${term("Casino", house.casino)}${term("Chain", `${house.name}, ${house.chainId}`)}
${term("Blocks", `${count(blocks.from)} to ${count(blocks.to)}`)}${term("Last block", `${blocks.toHash}, ${time(blocks.toTime)}`)}
${term("Report", hash)}${term("Rules", report.rules === "twin" ? "TypeScript twins" : "TypeScript twins and the contracts on chain")}
</dl></header>
${failures.length === 0 ? "" : `<section><h2>Findings</h2>${failures.map(findings).join("")}</section>`}
<section><h2>Checks</h2>${checkTable(report.checks)}</section>
<section><h2>Games</h2>${gameTable(report)}
<figure>${conePlot(report.series.returns)}<figcaption>Return of all bets, each counting alike, less its exact value: 0 is what the rules promise. The cone holds 95% of fair houses.</figcaption></figure>
${report.games.map(classTable).join("")}</section>
<section><h2>Money</h2>${assetTable(report)}
${report.series.houses.map((points, id) => housePlots(report, points, id)).join("")}</section>
<section><h2>Rounds</h2><p>${count(rounds.requested)} requested, ${count(rounds.drawn)} drawn, ${count(rounds.voided)} void${share(rounds.voided, rounds.requested)}, ${count(rounds.failed)} with a failed callback${share(rounds.failed, rounds.requested)}, ${count(rounds.late)} with a word too late. ${count(bets.refunded)} of ${count(bets.placed)} bets were refunded.</p>
<figure>${barPlot(rounds.delays)}<figcaption>Seconds from request to word; the last bar is a minute and more.</figcaption></figure></section>
<section><h2>Statistics</h2>${testTable(report)}</section>
<section><h2>Governance</h2>${governance(report)}</section>
<footer><p>This report says what the chain's history shows. It can't show that the holder of the VRF key never withheld a word, nor that they did not collude with whoever orders blocks: see docs/AUDIT.md.</p></footer>
</main></body></html>
`;
}

const VERDICTS = { clean: "Clean", findings: "Findings", incomplete: "Not finished" } as const;

function sentence({ verdict, checks, bets }: Report): string {
  const [passed, failed, unchecked] = (["passed", "failed", "unchecked"] as const).map((key) =>
    checks.reduce((sum, check) => sum + check[key], 0),
  );
  const said = {
    clean: "Nothing contradicts the rules.",
    findings: `${count(failed!)} checks failed.`,
    incomplete: "The audit was stopped before the end.",
  };
  return `${said[verdict]} ${count(bets.placed)} bets and ${count(passed!)} checks passed; ${count(unchecked!)} could not be made.`;
}

function findings({ id, says, failed, failures }: Check): string {
  const rows = failures.map(({ block, tx, expected, found, note }) =>
    row([count(block), code(tx ?? "—"), escaped(note ?? ""), code(expected), code(found)], "td"),
  );
  return `<h3 class="bad">✗ ${id}: ${count(failed)}</h3><p>${escaped(says)}</p>${table(["Block", "Transaction", "What", "Expected", "Found"], rows)}`;
}

function checkTable(checks: Check[]): string {
  const rows = checks.map(({ id, says, passed, failed, unchecked, reason }) => {
    const mark =
      failed > 0
        ? '<b class="bad">✗ failed</b>'
        : passed > 0
          ? '<b class="good">✓ passed</b>'
          : "· not made";
    return row(
      [
        mark,
        code(id),
        escaped(says) +
          (unchecked > 0 && reason ? `<br><small>Not made: ${escaped(reason)}</small>` : ""),
        num(passed),
        num(failed),
        num(unchecked),
      ],
      "td",
    );
  });
  return table(["", "Check", "What it says", "Passed", "Failed", "Not made"], rows);
}

function gameTable({ games }: Report): string {
  const rows = games.map(({ name, bets, measured, exact, halfWidth, hits, expectedHits, logE }) =>
    row(
      [
        escaped(name),
        num(bets),
        percent(measured),
        percent(exact),
        `± ${percent(halfWidth)}`,
        num(hits),
        num(Math.round(expectedHits)),
        (10 ** Math.min(logE, 30)).toPrecision(3),
      ],
      "td",
    ),
  );
  return table(
    ["Game", "Bets", "Return", "Exact", "95% interval", "Hits", "Expected", "E-value"],
    rows,
  );
}

function classTable({ name, classes }: Report["games"][number]): string {
  const rows = classes
    .slice(0, 24)
    .map(({ choice, bets, measured, exact, halfWidth, hits, expectedHits }) =>
      row(
        [
          escaped(choice),
          num(bets),
          percent(measured),
          percent(exact),
          `± ${percent(halfWidth)}`,
          num(hits),
          num(Math.round(expectedHits)),
        ],
        "td",
      ),
    );
  return `<details><summary>${escaped(name)} by choice</summary>${table(["Choice", "Bets", "Return", "Exact", "95% interval", "Hits", "Expected"], rows)}</details>`;
}

function assetTable({ assets }: Report): string {
  const columns = [
    "held",
    "ledger",
    "escrow",
    "bankroll",
    "reserved",
    "fees",
    "turnover",
    "paid",
    "feesEarned",
  ] as const;
  const rows = assets.map((asset) =>
    row(
      [
        escaped(String(asset.symbol)),
        ...columns.map(
          (column) =>
            `<span class="n">${formatUnits(BigInt(asset[column]!), Number(asset.decimals))}</span>`,
        ),
      ],
      "td",
    ),
  );
  return table(
    [
      "Asset",
      "Held",
      "Ledger",
      "Escrow",
      "Bankroll",
      "Reserved",
      "Fees",
      "Turnover",
      "Paid",
      "Fees earned",
    ],
    rows,
  );
}

function housePlots({ assets }: Report, points: number[][], id: number): string {
  const asset = assets[id];
  if (!asset || points.length < 2) return "";
  const unit = 10 ** Number(asset.decimals);
  const symbol = escaped(String(asset.symbol));
  const bankroll = points.map(([block, , units]) => [block!, units! / unit] as const);
  const used = points.map(
    ([block, , units, reserved]) => [block!, units! > 0 ? (100 * reserved!) / units! : 0] as const,
  );
  return `<figure>${linePlot(bankroll, ` ${symbol}`)}<figcaption>Bankroll in ${symbol}, by block.</figcaption></figure>
<figure>${linePlot(used, "%")}<figcaption>Utilisation: what open bets can win of the ${symbol} bankroll, by block.</figcaption></figure>`;
}

function testTable({ statistics }: Report): string {
  const rows = statistics.tests.map(({ check, what, kind, log10, bound, bets, passed }) =>
    row(
      [
        passed ? '<b class="good">✓</b>' : '<b class="bad">✗</b>',
        code(check),
        escaped(what),
        num(bets),
        `${kind === "e" ? "e" : "p"} = 10<sup>${log10.toFixed(2)}</sup>`,
        `10<sup>${bound.toFixed(2)}</sup>`,
      ],
      "td",
    ),
  );
  return `${table(["", "Check", "Of", "Bets", "Value", "Bound"], rows)}<p>The bounds are corrected for the number of tests (Bonferroni): a fair house fails any of them with a probability of at most ${statistics.alpha}. E-values fail above their bound, p-values below.</p>`;
}

function governance({ governance: { members, calls, callCount, pauses } }: Report): string {
  const holders = members.map(({ role, account, delay }) =>
    row([code(role), code(account), num(delay)], "td"),
  );
  const made = calls.map(({ block, name, by, role, waited }) =>
    row([num(block), code(name), code(by), code(role), num(waited)], "td"),
  );
  const paused = pauses.map(({ from, until, by }) =>
    row([time(from), num(until - from), escaped(by)], "td"),
  );
  return `${table(["Role", "Holder", "Delay, s"], holders)}
<details><summary>${count(callCount)} privileged calls, the latest ${made.length}</summary>${table(["Block", "Call", "By", "Role", "Waited, s"], made)}</details>
${paused.length === 0 ? "<p>No pauses yet.</p>" : table(["Paused from", "For, s", "By"], paused)}`;
}

function table(heads: string[], rows: string[]): string {
  return `<div class="wide"><table><thead>${row(heads.map(escaped), "th")}</thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function row(cells: string[], tag: "td" | "th"): string {
  return `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
}

function term(name: string, value: string): string {
  return `<dt>${name}</dt><dd>${escaped(value)}</dd>`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "" : ` (${((100 * part) / whole).toFixed(2)}%)`;
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function num(value: number): string {
  return `<span class="n">${count(value)}</span>`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(value: number): string {
  return `<span class="n">${(100 * value).toFixed(3)}%</span>`;
}

function time(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", " UTC").replace("T", " ");
}

const STYLE = `:root{--bg:#F1F6F4;--panel:#FFF;--inset:#E2ECE8;--ink:#0B1F1A;--ink2:#465E57;--edge:#00695A;--amber:#7A4F00;--loss:#B3261E;--line:#6B867C}
@media (prefers-color-scheme:dark){:root{--bg:#06120F;--panel:#0C1C18;--inset:#132A24;--ink:#E9F4F0;--ink2:#9DB8AF;--edge:#3FE0BE;--amber:#FFC24A;--loss:#FF8474;--line:#5C8275}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 "Instrument Sans",system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px}h1{font-size:40px;line-height:1.1;margin:0 0 8px}h2{margin:40px 0 12px;font-size:22px}h3{margin:24px 0 4px;font-size:16px}
.pane{background:var(--panel);border-bottom:5px solid var(--edge);border-radius:2px;padding:24px}.over{margin:0 0 16px;color:var(--ink2)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:16px 0 0}dt{color:var(--ink2)}dd{margin:0;overflow-wrap:anywhere}
dd,code,.n,td{font-family:"Martian Mono",ui-monospace,monospace;font-size:12px}.n{font-variant-numeric:tabular-nums;display:block;text-align:right}code{overflow-wrap:anywhere}
.wide{overflow-x:auto;background:var(--panel);border-radius:2px}table{border-collapse:collapse;width:100%}th,td{padding:6px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--inset)}th{color:var(--ink2);font-weight:500;font-size:12px}
.good{color:var(--edge)}.bad{color:var(--loss)}figure{margin:16px 0;background:var(--panel);padding:16px;border-radius:2px;break-inside:avoid}figcaption,small,footer{color:var(--ink2)}
svg{width:100%;height:auto;display:block}svg text{fill:var(--ink2);font:12px "Martian Mono",ui-monospace,monospace}.grid{stroke:var(--inset)}.line{fill:none;stroke:var(--edge);stroke-width:1.5}.cone{fill:var(--inset)}.bar{fill:var(--edge)}
summary{cursor:pointer;padding:12px 0}@media print{:root{--bg:#FFF}body{font-size:11px}main{max-width:none;padding:0}details>*{display:block}}`;
