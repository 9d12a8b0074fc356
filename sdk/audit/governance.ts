import { type Abi, type Hex, encodeAbiParameters, keccak256, toFunctionSelector } from "viem";
import { casinoAbi, eligibilityAbi } from "../abis.ts";
import { equal, fail, holds, pass } from "./checks.ts";
import type { Args } from "./records.ts";
import type { Member, Operation } from "./model.ts";
import { type At, type Audit, lower, transactionOf } from "./state.ts";

/** Who did what only a role may do, and whether it waited: the twin of OpenZeppelin's AccessManager. */

/** `AccessManager.ADMIN_ROLE`, which is also the role of a function that was given none. */
const ADMIN = "0";
const PUBLIC = `${(1n << 64n) - 1n}`;
/** `AccessManager.expiration()`. */
const EXPIRES_AFTER = 7 * 86_400;
const LISTED_CALLS = 200;

/** Functions of the contracts that the roles guard, by contract and name. */
const SELECTORS = new Map<string, Hex>(
  Object.entries({ casino: casinoAbi, gate: eligibilityAbi }).flatMap(([contract, abi]) =>
    (abi as Abi).flatMap((item) =>
      item.type === "function"
        ? [[`${contract}.${item.name}`, toFunctionSelector(item)] as const]
        : [],
    ),
  ),
);

export function operationScheduled(
  audit: Audit,
  args: Args<"manager", "OperationScheduled">,
  at: At,
): void {
  const { book, state } = audit;
  const { operationId, schedule, caller, target, data } = args;
  const id = keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "address" }, { type: "bytes" }],
      [caller, target, data],
    ),
  );
  equal(book, "governance.authority", at, id, operationId, "operation id");
  const operation: Operation = {
    ready: schedule,
    scheduledAt: state.timestamp,
    caller,
    target,
    data,
  };
  state.governance.operations.set(operationId, operation);
  const delay = delayOf(audit, roleOf(audit, target, data), caller);
  if (delay === undefined)
    return fail(book, "governance.authority", at, "a holder of the role", caller);
  holds(
    book,
    "governance.delay",
    at,
    schedule - state.timestamp >= delay,
    `an announcement of at least ${delay} s`,
    schedule - state.timestamp,
  );
}

export function operationExecuted(
  audit: Audit,
  { operationId }: Args<"manager", "OperationExecuted">,
  at: At,
): void {
  const { book, state } = audit;
  const { operations, executed } = state.governance;
  const operation = operations.get(operationId);
  if (!operation)
    return fail(book, "governance.delay", at, "an operation that was scheduled", operationId);
  const { ready } = operation;
  const due = state.timestamp >= ready && state.timestamp < ready + EXPIRES_AFTER;
  holds(
    book,
    "governance.delay",
    at,
    due,
    `a call from ${ready} to ${ready + EXPIRES_AFTER}`,
    state.timestamp,
  );
  operations.delete(operationId);
  executed.push(operation);
}

export function operationCanceled(
  audit: Audit,
  { operationId }: Args<"manager", "OperationCanceled">,
  at: At,
): void {
  const { book, state } = audit;
  holds(
    book,
    "governance.delay",
    at,
    state.governance.operations.delete(operationId),
    "an operation that was scheduled",
    operationId,
  );
}

export function roleGranted(audit: Audit, args: Args<"manager", "RoleGranted">, at: At): void {
  const { governance } = audit.state;
  managerCalled(audit, "grantRole", governance.admins.get(`${args.roleId}`) ?? ADMIN, at);
  const key = memberKey(`${args.roleId}`, args.account);
  const known = governance.members.get(key);
  const { delay, since } = args;
  governance.members.set(
    key,
    args.newMember || !known
      ? { active: since, changes: 0, delay, before: delay }
      : {
          active: known.active,
          changes: since,
          delay,
          before: delayAt(known, audit.state.timestamp),
        },
  );
}

export function roleRevoked(audit: Audit, args: Args<"manager", "RoleRevoked">, at: At): void {
  const { governance } = audit.state;
  const renounced = lower(audit.transactions.get(at.tx)?.from ?? "0x") === args.account;
  if (!renounced)
    managerCalled(audit, "revokeRole", governance.admins.get(`${args.roleId}`) ?? ADMIN, at);
  holds(
    audit.book,
    "governance.authority",
    at,
    governance.members.delete(memberKey(`${args.roleId}`, args.account)),
    "a holder of the role",
    args.account,
  );
}

export function roleAdminChanged(
  audit: Audit,
  args: Args<"manager", "RoleAdminChanged">,
  at: At,
): void {
  managerCalled(audit, "setRoleAdmin", ADMIN, at);
  audit.state.governance.admins.set(`${args.roleId}`, `${args.admin}`);
}

export function functionRoleUpdated(
  audit: Audit,
  args: Args<"manager", "TargetFunctionRoleUpdated">,
  at: At,
): void {
  managerCalled(audit, "setTargetFunctionRole", ADMIN, at);
  audit.state.governance.functions.set(`${args.target}:${args.selector}`, `${args.roleId}`);
}

/** What else the administrator may do: labels, guardians of roles, delays, closing a target. */
export function administered(audit: Audit, name: string, at: At): void {
  managerCalled(audit, name, ADMIN, at);
}

export function authorityUpdated(
  audit: Audit,
  { authority }: Args<"casino", "AuthorityUpdated">,
  at: At,
): void {
  equal(
    audit.book,
    "governance.authority",
    at,
    audit.facts.manager,
    authority,
    "AccessManager of the house",
  );
}

/** A function that a role guards was called: by whom, and did it wait? `by` is whom the event names. */
export function privileged(
  audit: Audit,
  contract: "casino" | "gate",
  name: string,
  at: At,
  by?: string,
): void {
  const selector = SELECTORS.get(`${contract}.${name}`);
  if (!selector) throw new Error(`The ${contract} has no function ${name}`);
  const { facts, state } = audit;
  const target = at.address;
  const role = state.governance.functions.get(`${target}:${selector}`) ?? ADMIN;
  authorise(audit, { name, target, role, selector }, at);
  const tx = audit.transactions.get(at.tx);
  if (by === undefined || !tx) return;
  const callers: (string | null)[] = [tx.from, tx.to, facts.manager];
  holds(
    audit.book,
    "governance.authority",
    at,
    callers.includes(by),
    `${name} by one of ${callers.join(", ")}`,
    by,
  );
}

function managerCalled(audit: Audit, name: string, role: string, at: At): void {
  // The constructor makes its first administrator.
  if (audit.transactions.get(at.tx)?.to === null) return pass(audit.book, "governance.authority");
  authorise(audit, { name, target: audit.facts.manager, role }, at);
}

function authorise(
  audit: Audit,
  { name, target, role, selector }: { name: string; target: Hex; role: string; selector?: Hex },
  at: At,
): void {
  const { book, state } = audit;
  const { governance } = state;
  const tx = transactionOf(audit, at);
  if (!tx) return;
  pass(book, "history.transactions");

  const operation = governance.executed.find(
    (executed) =>
      executed.target === target && (selector === undefined || executed.data.startsWith(selector)),
  );
  if (operation) {
    const delay = delayOf(audit, role, operation.caller);
    holds(
      book,
      "governance.authority",
      at,
      delay !== undefined,
      `${name} by a holder of role ${role}`,
      operation.caller,
    );
    const waited = state.timestamp - operation.scheduledAt;
    holds(
      book,
      "governance.delay",
      at,
      delay === undefined || waited >= Math.min(delay, operation.ready - operation.scheduledAt),
      `${name} at least ${delay} s after its announcement`,
      waited,
    );
    return remember(audit, { name, by: operation.caller, role, waited }, at);
  }

  // Without an announcement: only by a holder whose calls need not wait; a contract that holds a role is the call's target.
  const callers = [tx.from, tx.to].flatMap((address) => (address === null ? [] : [lower(address)]));
  const holders = callers.filter((address) => delayOf(audit, role, address) !== undefined);
  const caller = holders.find((address) => delayOf(audit, role, address) === 0);
  holds(
    book,
    "governance.authority",
    at,
    holders.length > 0,
    `${name} by a holder of role ${role}`,
    callers.join(" through "),
  );
  if (holders.length > 0)
    holds(
      book,
      "governance.delay",
      at,
      caller !== undefined,
      `${name} announced ${delayOf(audit, role, holders[0]!)} s before`,
      "not announced",
    );
  if (selector !== undefined && (tx.to === null || lower(tx.to) === target)) {
    holds(
      book,
      "governance.authority",
      at,
      tx.input.startsWith(selector),
      `a call of ${name}`,
      tx.input.slice(0, 10),
    );
  }
  remember(audit, { name, by: caller ?? callers[0] ?? "0x", role, waited: 0 }, at);
}

function remember(
  audit: Audit,
  call: { name: string; by: string; role: string; waited: number },
  at: At,
): void {
  const { governance } = audit.state;
  governance.callCount++;
  governance.calls.push({ block: at.block, tx: at.tx, ...call });
  if (governance.calls.length > LISTED_CALLS) governance.calls.shift();
}

/** How long a holder's calls wait now; undefined for who holds no such role. */
function delayOf({ state }: Audit, role: string, account: string): number | undefined {
  if (role === PUBLIC) return 0;
  const member = state.governance.members.get(memberKey(role, lower(account)));
  return member && member.active <= state.timestamp ? delayAt(member, state.timestamp) : undefined;
}

function delayAt({ changes, delay, before }: Member, timestamp: number): number {
  return timestamp >= changes ? delay : before;
}

function roleOf({ state, facts }: Audit, target: Hex, data: Hex): string {
  return target !== facts.manager
    ? (state.governance.functions.get(`${target}:${data.slice(0, 10)}`) ?? ADMIN)
    : ADMIN;
}

function memberKey(role: string, account: string): string {
  return `${role}:${account}`;
}
