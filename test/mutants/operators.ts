/**
 * What can be changed in a contract: from the compiler's AST to mutants, each with the text that it puts in front of and
 * behind a piece of source so that the piece is changed while the switch has the mutant's number.
 *
 * Left out by rule: constants' and immutables' declarations (their uses are mutated), assembly, strings, and
 *   - the boundary of a minimum or maximum (`a < b ? a : b`), since both sides are equal there;
 *   - the deletion of an `if`'s only statement, which is the condition forced to false;
 *   - the factors of `mulDiv` in the other order;
 *   - the negation of a comparison that is returned, which its own operator covers.
 */
import { type Node, child, children, nodes, plain, text, typeOf } from "./ast.ts";
import { type Mutant, SWITCH, type Wrap } from "./mutant.ts";
import {
  emptyValue,
  isBuiltin,
  isCommutative,
  isEdge,
  replacements,
  ROUNDING,
  swaps,
} from "./changes.ts";

export interface Mutated {
  mutants: Mutant[];
  wraps: Wrap[];
  /** The number after the last. */
  next: number;
}

/** The mutants of a file that are wanted, numbered from `first` on. */
export function mutate(
  file: string,
  source: Buffer,
  ast: Node,
  first: number,
  isWanted: (id: number) => boolean,
): Mutated {
  return new Mutator(file, source, first, isWanted).run(ast);
}

class Mutator {
  readonly #found: Omit<Mutated, "next"> = { mutants: [], wraps: [] };
  readonly #file: string;
  readonly #source: Buffer;
  readonly #lines: string[];
  #next: number;
  readonly #isWanted: (id: number) => boolean;
  #function = "";

  constructor(file: string, source: Buffer, first: number, isWanted: (id: number) => boolean) {
    this.#file = file;
    this.#source = source;
    this.#lines = source.toString().split("\n");
    this.#next = first;
    this.#isWanted = isWanted;
  }

  run(ast: Node): Mutated {
    for (const contract of nodes(ast, "ContractDefinition")) {
      for (const each of children(contract, "nodes")) {
        const body = each.nodeType === "FunctionDefinition" ? child(each, "body") : undefined;
        if (body === undefined) continue;
        this.#function = `${text(contract, "name")}.${text(each, "name") || text(each, "kind")}`;
        for (const modifier of children(each, "modifiers")) this.#modifier(modifier);
        for (const statement of children(body, "statements")) this.#statement(statement);
      }
    }
    return { ...this.#found, next: this.#next };
  }

  // -- Statements --

  #statement(node: Node, isOnlyOneOfIf = false): void {
    switch (node.nodeType) {
      case "Block":
      case "UncheckedBlock":
        return this.#statements(node, isOnlyOneOfIf);
      case "IfStatement":
        return this.#if(node);
      case "ForStatement":
      case "WhileStatement":
        return this.#loop(node);
      case "TryStatement":
        return this.#try(node);
      case "VariableDeclarationStatement":
        return this.#expressions(child(node, "initialValue"));
      case "Return":
        return this.#return(node, isOnlyOneOfIf);
      case "ExpressionStatement":
      case "EmitStatement":
      case "RevertStatement":
      case "Continue":
      case "Break":
        if (!isOnlyOneOfIf) this.#delete(node);
        for (const key of ["expression", "eventCall", "errorCall"])
          this.#expressions(child(node, key));
    }
  }

  #statements(node: Node, isOnlyOneOfIf: boolean): void {
    const inside = children(node, "statements");
    for (const each of inside) this.#statement(each, isOnlyOneOfIf && inside.length === 1);
  }

  #if(node: Node): void {
    this.#condition(child(node, "condition")!, ["true", "false"]);
    const otherwise = child(node, "falseBody");
    for (const body of [child(node, "trueBody"), otherwise]) {
      if (body === undefined) continue;
      this.#braced(body);
      this.#statement(body, otherwise === undefined);
    }
  }

  #loop(node: Node): void {
    for (const key of ["initializationExpression", "loopExpression"]) {
      const part = child(node, key);
      if (part?.nodeType === "VariableDeclarationStatement") this.#statement(part);
      else if (part !== undefined) this.#expressions(child(part, "expression"));
    }
    const condition = child(node, "condition");
    // Forced to true, it would only burn the test's gas.
    if (condition !== undefined) this.#condition(condition, ["false"]);
    const body = child(node, "body")!;
    this.#braced(body);
    this.#statement(body);
  }

  #try(node: Node): void {
    this.#delete(node);
    // The call stays one: what it is made with may change.
    const call = child(node, "externalCall")!;
    this.#inside(call);
    for (const clause of children(node, "clauses")) this.#statement(child(clause, "block")!);
  }

  #return(node: Node, isOnlyOneOfIf: boolean): void {
    const value = child(node, "expression");
    if (value === undefined) {
      if (!isOnlyOneOfIf) this.#delete(node);
      return;
    }
    const empty = emptyValue(value, () => plain(this.#source, value));
    if (empty !== undefined) this.#alternatives(value, [["return", empty]]);
    this.#expressions(value);
  }

  #delete(node: Node): void {
    const mutant = this.#mutant(node, "delete", plain(this.#source, node), "");
    if (mutant !== undefined)
      this.#wrap(node, `if (${SWITCH} != address(${mutant})) `, "", [mutant]);
  }

  /** A body without braces gets them: what is put inside must not take another `else`. */
  #braced(body: Node): void {
    if (body.nodeType === "Block") return;
    const { start } = body;
    const end = this.#endOf(body);
    this.#found.wraps.push({ start, end, before: "{ ", after: " }", mutants: [] });
  }

  /** Where a statement ends, its semicolon included, which the AST leaves out. */
  #endOf(node: Node): number {
    const last = child(node, "falseBody") ?? child(node, "trueBody") ?? child(node, "body");
    if (last !== undefined) return this.#endOf(last);
    const isClosed = ["Block", "UncheckedBlock", "TryStatement"].includes(node.nodeType);
    // Some statements end with the semicolon.
    return isClosed ? node.end : this.#source.indexOf(";", node.end - 1) + 1;
  }

  #modifier(node: Node): void {
    const name = plain(this.#source, child(node, "modifierName")!);
    // Constructors name their bases the same way.
    if (node["kind"] !== "modifierInvocation" || children(node, "arguments").length > 0) return;
    const mutant = this.#mutant(node, "modifier", name, "");
    if (mutant !== undefined) this.#wrap(node, "", `_But(address(${mutant}))`, [mutant]);
  }

  // -- Expressions --

  #expressions(node: Node | undefined): void {
    if (node === undefined) return;
    const type = typeOf(node);
    if (/^(int_const|rational_const|literal_string)/.test(type)) return this.#literal(node, type);
    switch (node.nodeType) {
      case "Literal":
        if (type === "bool") {
          const other = text(node, "value") === "true" ? "false" : "true";
          this.#alternatives(node, [["literal", other]]);
        }
        return;
      case "Identifier":
      case "MemberAccess":
        if (node.isConstant === true && type.startsWith("uint")) {
          this.#alternatives(node, [["constant", `${plain(this.#source, node)} + 1`]]);
          return;
        }
        return this.#inside(node);
      case "BinaryOperation":
        return this.#binary(node);
      case "Conditional":
        this.#condition(child(node, "condition")!, ["true", "false"]);
        this.#expressions(child(node, "trueExpression"));
        return this.#expressions(child(node, "falseExpression"));
      case "UnaryOperation":
        return this.#unary(node);
      case "Assignment":
        return this.#assignment(node);
      default:
        return this.#inside(node);
    }
  }

  #binary(node: Node): void {
    const operator = text(node, "operator");
    const [left, right] = [child(node, "leftExpression")!, child(node, "rightExpression")!];
    const changed = replacements(operator).filter(
      (each) => !(node.isExtremum === true && isEdge(operator, each)),
    );
    const [a, b] = [plain(this.#source, left), plain(this.#source, right)];
    const found: [string, string][] = changed.map((each) => [
      `${operator} to ${each}`,
      `(${a}) ${each} (${b})`,
    ]);
    if (operator === "&&" || operator === "||") found.push(["left alone", a], ["right alone", b]);
    this.#alternatives(node, found);
    this.#expressions(left);
    this.#expressions(right);
  }

  #unary(node: Node): void {
    const operator = text(node, "operator");
    const operand = child(node, "subExpression")!;
    const inner = plain(this.#source, operand);
    if (operator === "!" || operator === "~" || operator === "-")
      this.#alternatives(node, [[`drop ${operator}`, inner]]);
    if (operator === "++" || operator === "--") {
      const other = operator === "++" ? "--" : "++";
      const swapped = node["prefix"] === true ? `${other}${inner}` : `${inner}${other}`;
      this.#alternatives(node, [[`${operator} to ${other}`, swapped]]);
      return this.#target(operand);
    }
    if (operator === "delete") return this.#target(operand);
    this.#expressions(operand);
  }

  #assignment(node: Node): void {
    const operator = text(node, "operator");
    const [left, right] = [child(node, "leftHandSide")!, child(node, "rightHandSide")!];
    const [other] = replacements(operator.slice(0, -1));
    if (other !== undefined) {
      const changed = `${plain(this.#source, left)} ${other}= ${plain(this.#source, right)}`;
      this.#alternatives(node, [[`${operator} to ${other}=`, changed]]);
    }
    this.#target(left);
    this.#expressions(right);
  }

  /** What is assigned to stays; the keys under which it is found may change. */
  #target(node: Node): void {
    if (node.nodeType === "TupleExpression")
      for (const each of children(node, "components")) this.#target(each);
    if (node.nodeType === "MemberAccess") this.#target(child(node, "expression")!);
    if (node.nodeType === "IndexAccess") {
      this.#target(child(node, "baseExpression")!);
      this.#expressions(child(node, "indexExpression"));
    }
  }

  /** The expressions that this one is made of. */
  #inside(node: Node): void {
    switch (node.nodeType) {
      case "FunctionCall":
        return this.#call(node);
      case "FunctionCallOptions":
        for (const each of children(node, "options")) this.#expressions(each);
        return this.#expressions(child(node, "expression"));
      case "MemberAccess":
        return this.#expressions(child(node, "expression"));
      case "IndexAccess":
        this.#expressions(child(node, "baseExpression"));
        return this.#expressions(child(node, "indexExpression"));
      case "TupleExpression":
        for (const each of children(node, "components")) this.#expressions(each);
    }
  }

  #call(node: Node): void {
    const callee = child(node, "expression")!;
    const name = callee.nodeType === "MemberAccess" ? text(callee, "memberName") : "";
    const inputs = children(node, "arguments");
    const rounding = ROUNDING[name];
    if (rounding !== undefined) {
      const from = plain(this.#source, callee);
      const rest = plain(this.#source, node).slice(from.length);
      this.#alternatives(node, [
        [`${name} to ${rounding}`, `${from.slice(0, -name.length)}${rounding}${rest}`],
      ]);
    }
    // Conversions and packed encodings depend on the very types of what they get.
    const isConversion = node["kind"] === "typeConversion";
    if (/^(encodePacked|wrap|unwrap|decode)$/.test(name) || isConversion) {
      const keepsLiterals =
        name !== "unwrap" && name !== "wrap" && !typeOf(node).startsWith("uint");
      for (const each of inputs) {
        if (!(keepsLiterals && /^(int_const|literal_string)/.test(typeOf(each))))
          this.#expressions(each);
      }
      return;
    }
    this.#expressions(callee);
    const swapped = isBuiltin(callee) || isCommutative(callee) ? [] : swaps(inputs);
    for (const [at, each] of inputs.entries()) {
      const pair = swapped.find(([a, b]) => a === at || b === at);
      if (pair === undefined) {
        this.#expressions(each);
        continue;
      }
      const [first, second] = pair;
      if (first === at) {
        const [one, two] = [inputs[first]!, inputs[second]!].map((x) => plain(this.#source, x));
        pair[2] = this.#mutant(each, "swap", `${one}, ${two}`, `${two}, ${one}`) ?? 0;
      }
      const id = pair[2];
      if (id !== 0) {
        const other = plain(this.#source, inputs[first === at ? second : first]!);
        this.#wrap(each, `(${SWITCH} == address(${id}) ? ${other} : `, ")", [id]);
      }
      this.#expressions(each);
    }
  }

  #literal(node: Node, type: string): void {
    // A bare ternary of literals has the least type that holds them; an operand needs the operation's.
    const cast = node.operandOf ?? "";
    if (!type.startsWith("int_const") || cast.startsWith("bytes")) return;
    const value = plain(this.#source, node);
    const id = this.#mutant(node, "literal", value, `${value} + 1`);
    if (id === undefined) return;
    this.#wrap(node, `${cast}(${SWITCH} == address(${id}) ? (${value}) + 1 : `, ")", [id]);
  }

  // -- Making mutants --

  #condition(node: Node, forced: ("true" | "false")[]): void {
    const original = plain(this.#source, node);
    let [before, after] = ["", ""];
    const ids: number[] = [];
    for (const value of forced) {
      const id = this.#mutant(node, `force ${value}`, original, value);
      if (id === undefined) continue;
      ids.push(id);
      before +=
        value === "true" ? `(${SWITCH} == address(${id}) || ` : `(${SWITCH} != address(${id}) && `;
      after += ")";
    }
    if (ids.length > 0) this.#wrap(node, `${before}(`, `)${after}`, ids);
    this.#expressions(node);
  }

  #alternatives(node: Node, found: [operator: string, changed: string][]): void {
    let before = "";
    const ids: number[] = [];
    for (const [operator, changed] of found) {
      const id = this.#mutant(node, operator, plain(this.#source, node), changed);
      if (id === undefined) continue;
      ids.push(id);
      before += `${SWITCH} == address(${id}) ? (${changed}) : `;
    }
    if (ids.length > 0) this.#wrap(node, `(${before}`, ")", ids);
  }

  /** The number of a new mutant, unless it was found unfit before. */
  #mutant(node: Node, operator: string, original: string, mutated: string): number | undefined {
    const id = this.#next++;
    if (!this.#isWanted(id)) return undefined;
    const lines = this.#source.subarray(0, node.start).toString().split("\n");
    this.#found.mutants.push({
      id,
      file: this.#file,
      line: lines.length,
      column: lines.at(-1)!.length + 1,
      function: this.#function,
      operator,
      original: flat(original),
      mutated: flat(mutated),
      source: (this.#lines[lines.length - 1] ?? "").trim(),
    });
    return id;
  }

  #wrap(node: Node, before: string, after: string, mutants: number[]): void {
    const { start, end } = node;
    this.#found.wraps.push({ start, end, before, after, mutants });
  }
}

function flat(source: string): string {
  return source.replace(/\s+/g, " ").trim();
}
