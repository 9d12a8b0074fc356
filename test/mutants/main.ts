/**
 * `npm run test:mutants`: changes the contracts in small ways, and names the changes that no test notices.
 *
 * Runs itself in a process of its own, and again as often as full memory ends that.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Command } from "commander";
import { integer } from "../../scripts/options.ts";
import { AGAIN, FOLDER, readProject, runMutants, STAGES, targetFiles } from "./campaign.ts";
import type { Mutant } from "./mutant.ts";
import { explainedSurvivors, isSame, Verdicts } from "./results.ts";
import { sampleOf } from "./sample.ts";

const TOLD_EVERY = 20;

const options = new Command("npm run test:mutants --")
  .description("Change the contracts in small ways, and name the changes that no test notices")
  .option("--only <files...>", "mutate these files alone, such as contracts/Limits.sol")
  .option("--sample <n>", "take so many mutants, instead of all", integer)
  .option("--seed <n>", "of the sample", integer, 1)
  .option("--quick", "leave the slow suites out, and keep nothing of what survives the others")
  .option("--again", "forget the verdicts of earlier runs")
  .parse()
  .opts<{ only?: string[]; sample?: number; seed: number; quick?: boolean; again?: boolean }>();

if (process.env["MUTANTS_CHILD"] === undefined) process.exit(supervise());

const project = readProject(options.only ?? targetFiles());
const { sample, seed, quick } = options;
const chosen = sample === undefined ? project.mutants : sampleOf(project.mutants, sample, seed);
console.log(`${chosen.length} of ${project.mutants.length} mutants.`);

const verdicts = new Verdicts(join(FOLDER, "verdicts.json"), project.sources);
const isKnown = (mutant: Mutant) => options.again !== true && verdicts.of(mutant) !== undefined;
let done = chosen.filter(isKnown).length;
if (done > 0) console.log(`${done} are known from earlier runs.`);

const killed: Mutant[] = [];
const survived: Mutant[] = [];
for (const mutant of chosen.filter(isKnown))
  (verdicts.of(mutant)!.killer === undefined ? survived : killed).push(mutant);
await runMutants(
  project,
  chosen,
  chosen.filter((mutant) => !isKnown(mutant)),
  ({ mutant, killer }) => {
    (killer === undefined ? survived : killed).push(mutant);
    if (killer === undefined) console.log(`survived: ${described(mutant)}`);
    if (killer !== undefined || !quick) verdicts.add(mutant, killer);
    verdicts.save();
    if (++done % TOLD_EVERY === 0) {
      console.log(`${done} of ${chosen.length}, ${survived.length} survived`);
    }
  },
  console.log,
  quick ? STAGES.filter((stage) => stage !== "slow") : STAGES,
);
verdicts.save();
process.exitCode = report() ? 0 : 1;

function supervise(): number {
  for (let args = process.argv.slice(1); ; args = args.filter((each) => each !== "--again")) {
    const env = { ...process.env, MUTANTS_CHILD: "1" };
    const { status } = spawnSync(process.execPath, args, { env, stdio: "inherit" });
    if (status !== AGAIN) return status ?? 1;
  }
}

/** Prints what survived; false if some of it is not explained, or an explanation is of nothing any more. */
function report(): boolean {
  const explained = explainedSurvivors();
  const unexplained = survived.filter((mutant) => !explained.some((each) => isSame(each, mutant)));
  const stale =
    sample === undefined
      ? explained.filter(
          (each) =>
            project.targets.includes(each.file) && !survived.some((mutant) => isSame(each, mutant)),
        )
      : [];
  console.log("\nfile, killed, survived and explained, survived, killed of those not explained");
  for (const file of [...project.targets, ""]) {
    const count = (list: Mutant[]) => list.filter((each) => each.file.startsWith(file)).length;
    const [dead, alive, open] = [count(killed), count(survived), count(unexplained)];
    if (dead + alive === 0) continue;
    const score = ((100 * dead) / Math.max(1, dead + open)).toFixed(1);
    console.log(`${(file || "all").padEnd(34)}${dead} ${alive - open} ${open} ${score}%`);
  }
  for (const mutant of unexplained) console.error(`unexplained: ${described(mutant)}`);
  for (const { file, original, mutated } of stale)
    console.error(`stale in survivors.json: ${file}: ${original} → ${mutated}`);
  return unexplained.length + stale.length === 0;
}

function described(mutant: Mutant): string {
  const { file, line, function: where, operator, original, mutated } = mutant;
  return `${file}:${line} ${where}, ${operator}: ${original} → ${mutated || "nothing"}`;
}
