import { equal, fail, holds, pass, skip } from "./checks.ts";
import { headerHash } from "./headers.ts";
import type { Block, Log } from "./records.ts";
import type { Audit } from "./state.ts";

/** A block's header against its hash, its receipts and the block before. */
export function checkHeader(
  { state, book }: Audit,
  { number, hash, header, receipts, logs }: Block,
): void {
  const at = { block: number };
  holds(book, "history.order", at, number > state.block, `a block after ${state.block}`, number);
  if (number === state.block + 1)
    equal(book, "history.order", at, state.hash, String(header.parentHash), "parent");
  equal(book, "history.headers", at, number, Number(header.number), "number");
  holds(
    book,
    "history.order",
    at,
    Number(header.timestamp) >= state.timestamp,
    `a time from ${state.timestamp}`,
    Number(header.timestamp),
  );
  const own = headerHash(header);
  if (own === undefined || own !== hash) {
    // Chains with fields of their own hash otherwise; none of those that hash as Ethereum does may fail.
    if (own === undefined || "l1BlockNumber" in header)
      skip(book, "history.headers", "headers of this chain are encoded in another way");
    else fail(book, "history.headers", at, hash, own, "hash of the header");
  } else pass(book, "history.headers");
  if (!receipts) return skip(book, "history.receipts", "asked for with --receipts");
  equal(
    book,
    "history.receipts",
    at,
    String(header.receiptsRoot),
    receipts.root,
    "root of the receipts",
  );
  equal(book, "history.receipts", at, textOf(receipts.logs), textOf(logs), "logs of the house");
}

function textOf(logs: readonly Log[]): string {
  return logs
    .map(({ address, topics, data, tx, index }) => [index, tx, address, ...topics, data].join(" "))
    .join("; ");
}
