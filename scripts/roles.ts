import { type Address, type Hex, isAddressEqual, parseAbi, toFunctionSelector } from "viem";
import { casinoAbi } from "../sdk/abis.ts";
import type { HousePlan } from "./house-plan.ts";
import type { Journal } from "./journal.ts";

/** The roles of the house in its AccessManager; 0 is the administrator of the roles themselves. */
export const ROLES = { admin: 0n, governor: 1n, source: 2n, guardian: 3n, treasurer: 4n } as const;

/** Which functions of the casino each role may call. */
const FUNCTIONS = {
  governor: ["listAsset", "listGame", "setTerms", "delist"],
  source: ["setSource"],
  guardian: ["pause"],
  treasurer: ["claimFees"],
} as const;

const accessManagerAbi = parseAbi([
  "function setTargetFunctionRole(address target, bytes4[] selectors, uint64 roleId)",
  "function setTargetAdminDelay(address target, uint32 newDelay)",
  "function grantRole(uint64 roleId, address account, uint32 executionDelay)",
  "function renounceRole(uint64 roleId, address callerConfirmation)",
]);

/**
 * Hands the casino over to its roles: what changes the games, the risk or the randomness waits for its delay from
 * here on, the administrator of the roles too. The deployer keeps nothing but the roles that the plan gives it.
 */
export async function assignRoles(
  journal: Journal,
  {
    manager,
    casino,
    plan,
    deployer,
  }: { manager: Address; casino: Address; plan: HousePlan; deployer: Address },
): Promise<void> {
  const { governor, guardian, delaySeconds, sourceDelaySeconds } = plan.governance;
  const contract = { address: manager, abi: accessManagerAbi } as const;
  const holders = [
    { role: "governor", account: governor, delay: delaySeconds },
    { role: "source", account: governor, delay: sourceDelaySeconds },
    { role: "guardian", account: guardian, delay: 0 },
    { role: "treasurer", account: governor, delay: 0 },
  ] as const;

  for (const { role, account, delay } of holders) {
    await journal.call(`functions of the ${role} role`, {
      ...contract,
      functionName: "setTargetFunctionRole",
      args: [casino, FUNCTIONS[role].map(selectorOf), ROLES[role]],
    });
    await journal.call(`holder of the ${role} role`, {
      ...contract,
      functionName: "grantRole",
      args: [ROLES[role], account, delay],
    });
  }
  // Last, since it binds whoever does it.
  await journal.call("holder of the admin role", {
    ...contract,
    functionName: "grantRole",
    args: [ROLES.admin, governor, sourceDelaySeconds],
  });
  if (isAddressEqual(governor, deployer)) return;
  await journal.call("end of the deployer's rights", {
    ...contract,
    functionName: "renounceRole",
    args: [ROLES.admin, deployer],
  });
}

function selectorOf(name: string): Hex {
  const item = casinoAbi.find((entry) => entry.type === "function" && entry.name === name);
  if (item?.type !== "function") throw new Error(`The casino has no function ${name}`);
  return toFunctionSelector(item);
}
