import type { Metadata } from "next";
import { readSolidity } from "../data.ts";
import { type GameKey, entryByKey } from "./table.ts";

/** What a game's page tells search engines. */
export function metadataOf(key: GameKey): Metadata {
  const { name, about } = entryByKey(key);
  return { title: name, description: `${about} Every draw can be verified in your browser.` };
}

/** The lines of a game's contract that decide. */
export function sourceOf(key: GameKey) {
  return readSolidity(entryByKey(key).file, "_multiplier");
}
