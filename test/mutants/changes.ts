/** Which operators, values and arguments take the place of which. */
import { child, type Node, text, typeOf } from "./ast.ts";

const RELATIONS: Record<string, string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
};
const LOGIC: Record<string, string> = { "&&": "||", "||": "&&" };
const ARITHMETIC: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  "**": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "|",
};
/** Functions that differ in the direction that they round. */
export const ROUNDING: Record<string, string> = { encodeUp: "encodeDown", encodeDown: "encodeUp" };

/** What takes an operator's place; the first is its opposite. */
export function replacements(operator: string): string[] {
  return [
    ...(RELATIONS[operator] ?? []),
    ...[LOGIC[operator], ARITHMETIC[operator]].filter((each) => each !== undefined),
  ];
}

/** Neighbours of one type, which may change places: where the first is, where the second is, the mutant's number. */
export function swaps(inputs: Node[]): [first: number, second: number, id: number][] {
  const found: [number, number, number][] = [];
  for (let at = 0; at + 1 < inputs.length; at++) {
    const [one, two] = [inputs[at]!, inputs[at + 1]!];
    if (typeOf(one) !== typeOf(two) || /const|literal|type\(|tuple/.test(typeOf(one))) continue;
    if (one.nodeType === "Literal" || two.nodeType === "Literal") continue;
    found.push([at, ++at, 0]);
  }
  return found;
}

/** What a function returns that does nothing; undefined where nothing is worth a try. */
export function emptyValue(value: Node, source: () => string): string | undefined {
  const type = typeOf(value);
  if (value.nodeType === "Literal") return undefined;
  if (/^(u?int|bytes)\d+$/.test(type)) return `${type}(0)`;
  if (type === "address") return "address(0)";
  if (type === "bytes memory") return 'bytes("")';
  if (
    type === "bool" &&
    value.nodeType !== "BinaryOperation" &&
    value.nodeType !== "UnaryOperation"
  )
    return `!(${source()})`;
  // A value type of ours, which a file names as it is.
  if (/^[A-Z]\w*$/.test(type)) return `${type}.wrap(0)`;
  return undefined;
}

/** Whether they differ only where both sides are equal. */
export function isEdge(from: string, to: string): boolean {
  return from.replace("=", "") === to.replace("=", "");
}

/** Whether its first two arguments may change places. */
export function isCommutative(callee: Node): boolean {
  return /^(mulDiv|_?min|_?max)$/.test(text(callee, "memberName") || text(callee, "name"));
}

/** Whether the compiler itself defines what is called. */
export function isBuiltin(callee: Node): boolean {
  const base = callee.nodeType === "MemberAccess" ? child(callee, "expression") : callee;
  return base?.nodeType === "Identifier" && /^(abi|keccak256|revert)$/.test(text(base, "name"));
}
