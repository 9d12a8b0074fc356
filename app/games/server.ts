import type { Metadata } from "next";
import { type SourceExcerpt, readSolidity } from "../data.ts";
import { type GameKey, entryByKey } from "./table.ts";

/** What a game's page tells search engines. */
export function metadataOf(key: GameKey): Metadata {
  const { name, about } = entryByKey(key);
  return { title: name, description: `${about} Every draw can be verified in your browser.` };
}

/** What a game's page is told by the server. */
export interface GameInfo {
  about: string;
  source: SourceExcerpt | undefined;
}

/** The sentence about a game, and the lines of its contract that decide. */
export async function infoOf(key: GameKey): Promise<GameInfo> {
  const { about, file } = entryByKey(key);
  return { about, source: await readSolidity(file, "_multiplier") };
}
