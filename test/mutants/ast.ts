/** The compiler's AST, as far as the mutants need it. */

export interface Node {
  id: number;
  nodeType: string;
  /** Bytes of the source. */
  start: number;
  end: number;
  /** Of a number that stands in an operation: the type that the operation has. */
  operandOf?: string;
  /** Of a comparison that chooses between its own two sides. */
  isExtremum?: boolean;
  /** Of a name that stands for a constant. */
  isConstant?: boolean;
  [key: string]: unknown;
}

/** ASTs of sources as the compiler gives them, with what `Node` adds. */
export function prepare(asts: Record<string, { ast: unknown }>): Map<string, Node> {
  const roots = new Map(Object.entries(asts).map(([file, { ast }]) => [file, ast as Node]));
  const constants = new Set(
    [...roots.values()]
      .flatMap((root) => nodes(root, "VariableDeclaration"))
      .filter((each) => each["constant"] === true)
      .map((each) => each.id),
  );
  for (const root of roots.values()) {
    visit(root, (node) => {
      const [start, length] = text(node, "src").split(":").map(Number);
      node.start = start!;
      node.end = start! + length!;
      if (constants.has(Number(node["referencedDeclaration"]))) node.isConstant = true;
      if (node.nodeType === "BinaryOperation") markOperands(node);
      if (node.nodeType === "Conditional") markExtremum(node);
    });
  }
  return roots;
}

/** All nodes of a kind. */
export function nodes(root: Node, nodeType: string): Node[] {
  const found: Node[] = [];
  visit(root, (node) => {
    if (node.nodeType === nodeType) found.push(node);
  });
  return found;
}

export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return value === null || value === undefined ? undefined : (value as Node);
}

/** The nodes of a list, without its empty places. */
export function children(node: Node, key: string): Node[] {
  const value = node[key];
  return Array.isArray(value) ? (value as (Node | null)[]).filter((each) => each !== null) : [];
}

export function text(node: Node, key: string): string {
  const value = node[key];
  return typeof value === "string" ? value : "";
}

export function typeOf(node: Node): string {
  const descriptions = node["typeDescriptions"] as { typeString?: string } | undefined;
  return descriptions?.typeString ?? "";
}

export function plain(source: Buffer, node: Node): string {
  return source.subarray(node.start, node.end).toString();
}

function markOperands(node: Node): void {
  const type = (node["commonType"] as { typeString: string }).typeString;
  child(node, "leftExpression")!.operandOf = type;
  // What a number is shifted by, or its power, has a type of its own.
  if (!/<<|>>|\*\*/.test(text(node, "operator"))) child(node, "rightExpression")!.operandOf = type;
}

function markExtremum(node: Node): void {
  const condition = child(node, "condition")!;
  const names = (...keys: [Node, string][]) =>
    keys.map(([from, key]) => text(child(from, key)!, "name")).toSorted();
  if (condition.nodeType !== "BinaryOperation") return;
  const sides = names([condition, "leftExpression"], [condition, "rightExpression"]);
  const values = names([node, "trueExpression"], [node, "falseExpression"]);
  condition.isExtremum = !sides.includes("") && sides.join() === values.join();
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value) && typeof (value as Node).nodeType === "string") see(value as Node);
  for (const each of Object.values(value)) visit(each, see);
}
