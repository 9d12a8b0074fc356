import { type Address, type Hex, getAddress, isAddress, isHex, size } from "viem";

/** Where a casino lives and what it was set up with: the contents of `deployments/<chainId>.json`. */
export type Deployment = {
  chainId: number;
  name: string;
  casino: Address;
  accessManager: Address;
  /** The casino's own contracts: players' limits, session keys, the reader of its storage. */
  limits?: Address;
  sessions?: Address;
  annex?: Address;
  /** Who may deposit and bet, where the casino has a gate. */
  gate?: Address;
  /** The first block that can hold an event of this casino. */
  deployBlock: number;
  /** Commit of the sources deployed, where known. */
  commit?: string;
  randomness: Randomness;
  assets: Asset[];
  games: ListedGame[];
};

/** The source of words that the deployment set; the casino may have changed it since. */
export type Randomness = {
  coordinator: Address;
  keyHash: Hex;
  subscription: bigint;
  confirmations: number;
  callbackGasLimit: number;
  /** The first block that can hold an event of the coordinator about this casino. */
  coordinatorBlock: number;
};

export type Asset = {
  id: number;
  symbol: string;
  name: string;
  /** The zero address for the native coin. */
  token: Address;
  /** Decimals of the token. */
  decimals: number;
  /** Token amount of one unit of the ledger. */
  unit: bigint;
  /** Decimals of amounts in units: `min(9, decimals)`. */
  ledgerDecimals: number;
  bankroll: Address;
};

export type ListedGame = { id: number; key: string; name: string; rules: Address };

/** The JSON is not a deployment; the message says which entry is wrong. */
export class DeploymentInvalid extends Error {
  override readonly name = "DeploymentInvalid";

  constructor(what: string) {
    super(`This is not a deployment: ${what}`);
  }
}

/** Checks and types what `JSON.parse` gave. Throws {@link DeploymentInvalid}. */
export function parseDeployment(json: unknown): Deployment {
  const root = fieldsOf(json, "deployment");
  const randomness = fieldsOf(root.randomness, "randomness");
  return {
    chainId: count(root.chainId, "chainId"),
    name: text(root.name, "name"),
    casino: address(root.casino, "casino"),
    accessManager: address(root.accessManager, "accessManager"),
    ...optionalAddress(root, "limits"),
    ...optionalAddress(root, "sessions"),
    ...optionalAddress(root, "annex"),
    ...optionalAddress(root, "gate"),
    deployBlock: count(root.deployBlock, "deployBlock"),
    ...(root.commit === undefined ? {} : { commit: text(root.commit, "commit") }),
    randomness: {
      coordinator: address(randomness.coordinator, "randomness.coordinator"),
      keyHash: bytes32(randomness.keyHash, "randomness.keyHash"),
      subscription: integer(randomness.subscription, "randomness.subscription"),
      confirmations: count(randomness.confirmations, "randomness.confirmations"),
      callbackGasLimit: count(randomness.callbackGasLimit, "randomness.callbackGasLimit"),
      coordinatorBlock: count(randomness.coordinatorBlock, "randomness.coordinatorBlock"),
    },
    assets: list(root.assets, "assets").map(parseAsset),
    games: list(root.games, "games").map((entry, index) => {
      const at = `games[${index}]`;
      const game = fieldsOf(entry, at);
      return {
        id: count(game.id, `${at}.id`),
        key: text(game.key, `${at}.key`),
        name: text(game.name, `${at}.name`),
        rules: address(game.rules, `${at}.rules`),
      };
    }),
  };
}

/** The text of a deployment's file. */
export function formatDeployment(deployment: Deployment): string {
  return `${JSON.stringify(deployment, (_, value) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`;
}

/** The asset of this number. Throws {@link DeploymentInvalid}. */
export function assetOf(deployment: Deployment, id: number): Asset {
  const asset = deployment.assets.find((candidate) => candidate.id === id);
  if (!asset) throw new DeploymentInvalid(`it lists no asset ${id}`);
  return asset;
}

/** The contract of players' own limits. Throws {@link DeploymentInvalid}. */
export function limitsOf({ limits }: Deployment): Address {
  if (!limits) throw new DeploymentInvalid("it names no limits contract");
  return limits;
}

/** The contract of session keys. Throws {@link DeploymentInvalid}. */
export function sessionsOf({ sessions }: Deployment): Address {
  if (!sessions) throw new DeploymentInvalid("it names no sessions contract");
  return sessions;
}

function parseAsset(entry: unknown, index: number): Asset {
  const at = `assets[${index}]`;
  const asset = fieldsOf(entry, at);
  const decimals = count(asset.decimals, `${at}.decimals`);
  const ledgerDecimals = count(asset.ledgerDecimals, `${at}.ledgerDecimals`);
  const unit = integer(asset.unit, `${at}.unit`);
  if (ledgerDecimals > decimals || unit !== 10n ** BigInt(decimals - ledgerDecimals)) {
    throw new DeploymentInvalid(
      `${at}.unit ${unit} does not lead from ${decimals} to ${ledgerDecimals} decimals`,
    );
  }
  return {
    id: count(asset.id, `${at}.id`),
    symbol: text(asset.symbol, `${at}.symbol`),
    name: text(asset.name, `${at}.name`),
    token: address(asset.token === "0x0" ? `0x${"0".repeat(40)}` : asset.token, `${at}.token`),
    decimals,
    unit,
    ledgerDecimals,
    bankroll: address(asset.bankroll, `${at}.bankroll`),
  };
}

function fieldsOf(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DeploymentInvalid(`${at} is not an object`);
  }
  return value as Record<string, unknown>;
}

function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new DeploymentInvalid(`${at} is not a list`);
  return value;
}

function text(value: unknown, at: string): string {
  if (typeof value !== "string" || value === "") throw new DeploymentInvalid(`${at} is not a text`);
  return value;
}

function count(value: unknown, at: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new DeploymentInvalid(`${at} is not a whole number`);
  }
  return value;
}

function integer(value: unknown, at: string): bigint {
  if (typeof value !== "string" || !/^\d+$/.test(value)) {
    throw new DeploymentInvalid(`${at} is not a decimal number in quotes`);
  }
  return BigInt(value);
}

function address(value: unknown, at: string): Address {
  if (typeof value !== "string" || !isAddress(value, { strict: false })) {
    throw new DeploymentInvalid(`${at} is not an address`);
  }
  return getAddress(value);
}

function optionalAddress(
  root: Record<string, unknown>,
  name: "limits" | "sessions" | "annex" | "gate",
): { [key in typeof name]?: Address } {
  return root[name] === undefined ? {} : { [name]: address(root[name], name) };
}

function bytes32(value: unknown, at: string): Hex {
  if (typeof value !== "string" || !isHex(value) || size(value) !== 32) {
    throw new DeploymentInvalid(`${at} is not 32 bytes of hex`);
  }
  return value;
}
