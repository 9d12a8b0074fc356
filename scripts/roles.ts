import {
  type Address,
  type Hex,
  type PublicClient,
  isAddressEqual,
  parseAbi,
  toFunctionSelector,
} from "viem";
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
  "function getTargetFunctionRole(address target, bytes4 selector) view returns (uint64)",
  "function hasRole(uint64 roleId, address account) view returns (bool isMember, uint32 executionDelay)",
]);

type House = { manager: Address; casino: Address; plan: HousePlan; deployer: Address };

/**
 * Hands the casino over to its roles: what changes the games, the risk or the randomness waits for its delay from
 * here on, the administrator of the roles too. The deployer keeps nothing but the roles that the plan gives it.
 */
export async function assignRoles(
  journal: Journal,
  { manager, casino, plan, deployer }: House,
): Promise<void> {
  const { governor, sourceDelaySeconds } = plan.governance;
  const contract = { address: manager, abi: accessManagerAbi } as const;
  for (const { role, account, delay } of holdersOf(plan)) {
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

/** What the chain says of each role: which functions are its, who holds it with which delay, and that no deployer stayed. */
export async function readRoles(
  client: PublicClient,
  { manager, casino, plan, deployer }: House,
): Promise<{ what: string; found: unknown; wanted: unknown }[]> {
  const { governor, sourceDelaySeconds } = plan.governance;
  const contract = { address: manager, abi: accessManagerAbi } as const;
  const holds = async (role: keyof typeof ROLES, account: Address) => {
    const args = [ROLES[role], account] as const;
    const [isMember, delay] = await client.readContract({
      ...contract,
      functionName: "hasRole",
      args,
    });
    return isMember ? delay : undefined;
  };
  const functions = holdersOf(plan).flatMap(({ role }) =>
    FUNCTIONS[role].map(async (name) => ({
      what: `the role of \`${name}\``,
      found: await client.readContract({
        ...contract,
        functionName: "getTargetFunctionRole",
        args: [casino, selectorOf(name)],
      }),
      wanted: ROLES[role],
    })),
  );
  const admin = { role: "admin", account: governor, delay: sourceDelaySeconds } as const;
  const holders = [...holdersOf(plan), admin].map(async ({ role, account, delay }) => ({
    what: `the delay of ${account} as ${role}`,
    found: await holds(role, account),
    wanted: delay,
  }));
  const strangers = isAddressEqual(governor, deployer)
    ? []
    : [
        holds("admin", deployer).then((found) => ({
          what: "what the deployer kept as admin",
          found,
          wanted: undefined,
        })),
      ];
  return Promise.all([...functions, ...holders, ...strangers]);
}

function holdersOf({ governance }: HousePlan) {
  const { governor, guardian, delaySeconds, sourceDelaySeconds } = governance;
  return [
    { role: "governor", account: governor, delay: delaySeconds },
    { role: "source", account: governor, delay: sourceDelaySeconds },
    { role: "guardian", account: guardian, delay: 0 },
    { role: "treasurer", account: governor, delay: 0 },
  ] as const;
}

function selectorOf(name: string): Hex {
  const item = casinoAbi.find((entry) => entry.type === "function" && entry.name === name);
  if (item?.type !== "function") throw new Error(`The casino has no function ${name}`);
  return toFunctionSelector(item);
}
