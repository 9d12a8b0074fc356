/**
 * Sources with all their mutants inside, each behind the switch: compiled once, run once for each mutant.
 *
 * The switch reads the environment, so pure functions become views here, in the tests that come along too.
 */
import { type Node, child, children, nodes, plain, text } from "./ast.ts";
import { type Mutant, SWITCH, type Wrap } from "./mutant.ts";
import { mutate } from "./operators.ts";

export interface Schemata {
  sources: Record<string, string>;
  mutants: Mutant[];
  /** The mutants that an error in this range of an instrumented file comes from. */
  blame: (file: string, start: number, end: number) => number[];
}

/**
 * @param targets The files to mutate.
 * @param isWanted Tells by a mutant's number whether it is put in; the numbers count the others too.
 */
export function instrument(
  sources: Record<string, string>,
  asts: Map<string, Node>,
  targets: string[],
  isWanted: (id: number) => boolean,
): Schemata {
  const mutants: Mutant[] = [];
  const places = new Map<string, Place[]>();
  const instrumented: Record<string, string> = {};
  // While no mutant is active, the switch reads 0.
  let next = 1;
  for (const [file, plainSource] of Object.entries(sources)) {
    const source = Buffer.from(plainSource);
    const ast = asts.get(file)!;
    let wraps = modifierForms(source, ast);
    if (targets.includes(file)) {
      const found = mutate(file, source, ast, next, isWanted);
      mutants.push(...found.mutants);
      wraps = [...wraps, ...found.wraps];
      next = found.next;
    }
    const applied = apply(source, wraps);
    places.set(file, applied.places);
    instrumented[file] = isOurs(file) ? applied.text.replace(/\bpure\b/g, "view") : applied.text;
  }
  return {
    sources: instrumented,
    mutants,
    blame: (file, start, end) => blamed(places.get(file) ?? [], start, end),
  };
}

interface Place {
  start: number;
  end: number;
  mutants: number[];
}

/** The source with all that is put into it; the places are where each wrap came to be. */
function apply(source: Buffer, wraps: Wrap[]): { text: string; places: Place[] } {
  const places: Place[] = wraps.map(({ mutants }) => ({ start: 0, end: 0, mutants }));
  const opened = new Map<number, number[]>();
  const closed = new Map<number, number[]>();
  for (const [index, { start, end }] of wraps.entries()) {
    entry(opened, start).push(index);
    entry(closed, end).unshift(index);
  }
  const pieces: string[] = [];
  let [done, length] = [0, 0];
  const put = (piece: string) => {
    pieces.push(piece);
    length += Buffer.byteLength(piece);
  };
  for (const at of [...new Set([...opened.keys(), ...closed.keys()])].toSorted((a, b) => a - b)) {
    put(source.subarray(done, at).toString());
    done = at;
    for (const index of closed.get(at) ?? []) {
      put(wraps[index]!.after);
      places[index]!.end = length;
    }
    for (const index of opened.get(at) ?? []) {
      places[index]!.start = length;
      put(wraps[index]!.before);
    }
  }
  put(source.subarray(done).toString());
  return { text: pieces.join(""), places };
}

function entry<T>(map: Map<number, T[]>, key: number): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

/** The mutants of the innermost place around an error, or of those within it. */
function blamed(places: Place[], from: number, to: number): number[] {
  const own = places.filter(({ mutants }) => mutants.length > 0);
  const around = own
    .filter(({ start, end }) => start <= from && to <= end)
    .toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const within = own.filter(({ start, end }) => from <= start && end <= to);
  return around[0]?.mutants ?? within.flatMap(({ mutants }) => mutants);
}

/** Each modifier without parameters gets a second form, which does nothing while the switch has the number given. */
function modifierForms(source: Buffer, ast: Node): Wrap[] {
  return nodes(ast, "ModifierDefinition")
    .filter((each) => children(child(each, "parameters")!, "parameters").length === 0)
    .map((each) => {
      const steps = children(child(each, "body")!, "statements").map((step) =>
        step.nodeType === "PlaceholderStatement"
          ? "_;"
          : `if (${SWITCH} != mutant) { ${plain(source, step)}; }`,
      );
      const form = `modifier ${text(each, "name")}_But(address mutant) { ${steps.join(" ")} } `;
      return { start: each.start, end: each.end, before: form, after: "", mutants: [] };
    });
}

/** Games stay as they are, pure: they are not mutated, and their interface takes them. */
function isOurs(file: string): boolean {
  return /^(contracts|test)\//.test(file) && !file.startsWith("contracts/games/");
}
