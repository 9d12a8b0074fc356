/** Display only: the one place where an amount stops being a bigint. */

/** Groups the whole part by thousands. */
function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/**
 * Units to text. Exact unless `places` cuts it (towards zero, with a leading ~ when something was cut).
 * @param decimals The ledger's decimals of the asset.
 */
export function formatUnits(units: bigint, decimals: number, places = decimals): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const shown = fraction.slice(0, places).replace(/0+$/, "").padEnd(Math.min(2, decimals), "0");
  const cut = /[1-9]/.test(fraction.slice(places));
  return `${negative ? "−" : ""}${cut && !/[1-9]/.test(whole + shown) ? "~" : ""}${group(whole)}${shown === "" ? "" : `.${shown}`}`;
}

/** As `formatUnits`, with an explicit sign. */
export function formatSigned(units: bigint, decimals: number, places = decimals): string {
  return `${units > 0n ? "+" : ""}${formatUnits(units, decimals, places)}`;
}

/** Text to units; undefined where it is not a number of at most `decimals` places. */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const match = /^(\d*)(?:[.,](\d*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  if (fraction.length > decimals) return undefined;
  return (
    BigInt(whole === "" ? "0" : whole) * 10n ** BigInt(decimals) +
    BigInt(fraction.padEnd(decimals, "0") || "0")
  );
}

/** Plain text for an input: no grouping, no trailing zeros beyond two places. */
export function amountText(units: bigint, decimals: number): string {
  return formatUnits(units, decimals).replaceAll(",", "");
}

/** A WAD ratio as a multiplier, `1.98×`; cut, never rounded up. */
export function formatMultiplier(wad: bigint, places = 4): string {
  return `${formatUnits(wad, 18, places)}×`;
}

/** A WAD ratio as a percentage. */
export function formatPercent(wad: bigint, places = 2): string {
  return `${formatUnits(wad * 100n, 18, places)} %`;
}

/** Hundredths of the stake, as tables hold them, for the little room of a board: 1.5×, 1,000×. */
export function formatTimes(hundredths: number | bigint): string {
  return `${(Number(hundredths) / 100).toLocaleString("en")}×`;
}

/** A text that begins a line, inside one: its first word in small letters, unless it is a code. */
export function asClause(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** How likely it is: in per cent, or as "1 in N" where that says more. */
export function formatChance(weight: bigint, total: bigint): string {
  if (weight === 0n) return "0 %";
  if (weight * 2_000n >= total) return formatPercent((weight * 10n ** 18n) / total);
  return `1 in ${formatCount((total + weight / 2n) / weight)}`;
}

/** 0x1234…abcd. */
export function shorten(hex: string, head = 6, tail = 4): string {
  return hex.length <= head + tail + 1 ? hex : `${hex.slice(0, head)}…${hex.slice(-tail)}`;
}

/** A bet id is 256 bits: shown as its sequence and the end of the player. */
export function shortBet(betId: bigint): string {
  const hex = `0x${betId.toString(16).padStart(64, "0")}`;
  return `${hex.slice(0, 8)}…${hex.slice(-6)}`;
}

/** mm:ss, or h:mm:ss from an hour on. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}`
    : `${String(minutes).padStart(2, "0")}:${rest}`;
}

/** How long ago, in words of one unit. */
export function formatAgo(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/** A number of blocks or bets with thousands grouped. */
export function formatCount(count: bigint | number): string {
  return group(count.toString());
}
