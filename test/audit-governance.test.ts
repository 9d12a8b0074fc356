/** Forged governance: of the games, the risk, the source and the gate. */
import { find, insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import {
  type Forgery,
  STRANGER,
  blocks,
  calldata,
  changed,
  recording,
  settled,
  termsSet,
  testForgeries,
} from "./audit-forging.ts";

const replaced = () => find(blocks, "casino", "SourceSet").at(-1)!;
/** The latest announcement of a call of a contract. */
const announcedFor = (target: string) =>
  find(blocks, "manager", "OperationScheduled").findLast(({ args }) => args.target === target)!;

const FORGERIES: Forgery[] = [
  [
    "sets terms by a stranger",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "casino", "FeesClaimed")[0]!;
      calldata(block, log.tx).from = STRANGER;
    },
  ],
  [
    "sets terms without announcement",
    "governance.delay",
    () => {
      const { block, log } = find(blocks, "manager", "OperationExecuted").at(-1)!;
      remove(block, log);
    },
  ],
  [
    "announces terms too late",
    "governance.delay",
    () => {
      const { log, args } = find(blocks, "manager", "OperationScheduled").at(-1)!;
      rewrite(log, "manager", "OperationScheduled", { ...args, schedule: args.schedule - 3_000 });
    },
  ],
  [
    "announces another call than is made",
    "governance.authority",
    () => {
      const { log, args } = find(blocks, "manager", "OperationScheduled").at(-1)!;
      rewrite(log, "manager", "OperationScheduled", { ...args, data: "0x12345678" });
    },
  ],
  [
    "sets a Kelly fraction above the bound",
    "governance.bounds",
    () => {
      const { log, args } = termsSet();
      rewrite(log, "casino", "TermsSet", { ...args, terms: { ...args.terms, kellyBps: 5_001n } });
    },
  ],
  [
    "pauses for a week",
    "governance.pauses",
    () => changed(find(blocks, "casino", "Paused")[0]!.log, 0, 7n * 86_400n),
  ],
  [
    "opens a round in a pause",
    "governance.pauses",
    () => changed(find(blocks, "casino", "Paused")[0]!.log, 0, 100_000n),
  ],
  [
    "replaces the source of randomness",
    "governance.authority",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "SourceSet", {
        sourceId: 1n,
        coordinator: STRANGER,
        keyHash: `0x${"77".repeat(32)}`,
        subscription: 1n,
        confirmations: 0,
        worstPrice: 1n,
      });
      block.transactions = [
        ...block.transactions,
        { hash: log.tx, from: STRANGER, to: recording.facts.casino, input: "0x" },
      ];
    },
  ],
  [
    "hands the casino to another authority",
    "governance.authority",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "AuthorityUpdated", {
        authority: STRANGER,
      });
    },
  ],
  [
    "grants a role behind the administrator's back",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "casino", "FeesClaimed")[0]!;
      rewrite(
        insertAfter(block, log, { address: recording.facts.manager }),
        "manager",
        "RoleGranted",
        { roleId: 4n, account: STRANGER, delay: 0, since: 1, newMember: true },
      );
      calldata(block, log.tx).from = STRANGER;
    },
  ],
  [
    "lists a game that the deployment does not know",
    "history.deployment",
    () => {
      const { block, log } = termsSet();
      rewrite(insertAfter(block, log, {}), "casino", "GameListed", {
        game: recording.deployment.games.length + 1,
        rules: STRANGER,
      });
    },
  ],
  // The source and the gate
  [
    "replaces the source of randomness unannounced",
    "governance.delay",
    () => {
      const { block, log } = replaced();
      const executed = find([block], "manager", "OperationExecuted").find(
        (found) => found.log.tx === log.tx,
      )!;
      remove(block, executed.log);
    },
  ],
  [
    "replaces the source of randomness before its two weeks are over",
    "governance.delay",
    () => {
      const { log, args } = announcedFor(recording.facts.casino);
      rewrite(log, "manager", "OperationScheduled", { ...args, schedule: args.schedule - 86_400 });
    },
  ],
  [
    "sets a source that asks for a thousand confirmations",
    "governance.bounds",
    () =>
      rewrite(replaced().log, "casino", "SourceSet", { ...replaced().args, confirmations: 1_000 }),
  ],
  [
    "changes the gate's rules unannounced",
    "governance.delay",
    () => {
      const { block, log } = find(blocks, "gate", "RuleSet").at(-1)!;
      const executed = find([block], "manager", "OperationExecuted").find(
        (found) => found.log.tx === log.tx,
      )!;
      remove(block, executed.log);
    },
  ],
  [
    "changes the gate's rules before their time",
    "governance.delay",
    () => {
      const { log, args } = announcedFor(recording.facts.gate!);
      rewrite(log, "manager", "OperationScheduled", { ...args, schedule: args.schedule - 86_400 });
    },
  ],
  [
    "names an attestor by a stranger",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "gate", "AttestorSet")[0]!;
      calldata(block, log.tx).from = STRANGER;
    },
  ],
  [
    "opens the gate by a stranger",
    "governance.authority",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, { address: recording.facts.gate! }), "gate", "DefaultSet", {
        allowed: true,
      });
      block.transactions = [
        ...block.transactions,
        { hash: log.tx, from: STRANGER, to: recording.facts.gate!, input: "0x" },
      ];
    },
  ],
  [
    "names an attestor twice",
    "governance.bounds",
    () => {
      const { block, log } = find(blocks, "gate", "AttestorSet")[0]!;
      insertAfter(block, log, {});
    },
  ],
  [
    "names a seventeenth attestor",
    "governance.bounds",
    () => {
      const { block, log } = find(blocks, "gate", "AttestorSet")[0]!;
      for (let index = 0; index < 16; index++)
        rewrite(insertAfter(block, log, {}), "gate", "AttestorSet", {
          attestor: `0x${(16 + index).toString(16).repeat(20)}`,
          active: true,
        });
    },
  ],
  [
    "sets a rule for what is no jurisdiction",
    "governance.bounds",
    () => {
      const { log, args } = find(blocks, "gate", "RuleSet")[0]!;
      rewrite(log, "gate", "RuleSet", { ...args, jurisdiction: "0x7573000000" });
    },
  ],
  [
    "sets a rule that there is not",
    "governance.bounds",
    () => changed(find(blocks, "gate", "RuleSet")[0]!.log, 0, 7n),
  ],
  [
    "hands the gate to another authority",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "gate", "AttestorSet")[0]!;
      rewrite(insertAfter(block, log, {}), "gate", "AuthorityUpdated", { authority: STRANGER });
    },
  ],
];

testForgeries("a house", FORGERIES);
