import { type SelfCheck } from "./self-check.ts";

/** How the indexer does: `/api/status`. */
export type Health = {
  chainId: number;
  casino: string;
  /** The node's newest block, the last one it calls final, the last one in the database; -1 or null where unknown. */
  head: number;
  finalized: number | null;
  indexed: number;
  lag: number;
  /** At the head, with nothing known to be wrong. */
  ready: boolean;
  /** Why reading stands still, and what to do about it. */
  problem: string | null;
  selfCheck: SelfCheck | null;
  reorgs: number;
  deepestReorg: number;
  failures: number;
  events: number;
  listeners: number;
  database: "pglite" | "postgres";
  role: "writer" | "replica";
  rpc: { label: string; head: number; failures: number; active: boolean }[];
};

/** {@link Health} in Prometheus' text format. */
export function renderMetrics(health: Health): string {
  const lines: string[] = [];
  const gauge = (name: string, help: string, value: number, labels = "") => {
    if (!lines.some((line) => line.startsWith(`# HELP glasshouse_indexer_${name} `))) {
      lines.push(
        `# HELP glasshouse_indexer_${name} ${help}`,
        `# TYPE glasshouse_indexer_${name} gauge`,
      );
    }
    lines.push(`glasshouse_indexer_${name}${labels} ${value}`);
  };
  gauge("head_block", "Newest block of the node.", health.head);
  gauge("finalized_block", "Last block the node calls final.", health.finalized ?? -1);
  gauge("indexed_block", "Last block in the database.", health.indexed);
  gauge("lag_blocks", "Blocks between head and database.", health.lag);
  gauge("ready", "1 at the head with nothing known to be wrong.", Number(health.ready));
  gauge("reorgs", "Reorganisations followed since the start.", health.reorgs);
  gauge("deepest_reorg_blocks", "Blocks taken back by the deepest of them.", health.deepestReorg);
  gauge("failures", "Steps that failed and were tried again since the start.", health.failures);
  gauge("events", "Events written since the start.", health.events);
  gauge("listeners", "Open WebSocket connections.", health.listeners);
  if (health.selfCheck) {
    gauge("self_check_ok", "1 where database and contract agree.", Number(health.selfCheck.ok));
    gauge("self_check_block", "Block of the last comparison.", health.selfCheck.block);
    gauge("self_check_timestamp_seconds", "Time of the last comparison.", health.selfCheck.at);
  }
  for (const { label, head, failures, active } of health.rpc) {
    const labels = `{endpoint="${label}"}`;
    gauge("rpc_head_block", "Head by node.", head, labels);
    gauge("rpc_failures", "Failures by node.", failures, labels);
    gauge("rpc_active", "1 for the node in use.", Number(active), labels);
  }
  return `${lines.join("\n")}\n`;
}
