/**
 * The tests' cheatcodes for medusa, which lacks some and tells failed assertions by panics alone.
 *
 * `vm` becomes a value with the same functions bound to it, made from the `Vm` interface itself: each forwards to
 * medusa's, but for those below.
 */
const OVERRIDES: Record<string, (names: string[]) => string> = {
  recordLogs: () => "",
  getRecordedLogs: () => "",
  cool: () => "",
  assume: ([condition]) => `require(${condition});`,
  snapshotState: () => "return SNAPSHOTS.snapshot();",
  revertToState: ([id]) => `return SNAPSHOTS.revertTo(${id});`,
  getCode: () => "return COORDINATOR;",
  assertTrue: ([value]) => `assert(${value});`,
  assertEq: ([a, b]) => `assert(_hash(${a}) == _hash(${b}));`,
  assertLe: ([a, b]) => `assert(${a} <= ${b});`,
  assertLt: ([a, b]) => `assert(${a} < ${b});`,
  assertGe: ([a, b]) => `assert(${a} >= ${b});`,
  assertGt: ([a, b]) => `assert(${a} > ${b});`,
};

/** What is created by its artifact: here, by its type. */
const CREATED = ["Casino", "Bankroll", "Handler"];

const FUNCTION = /function (\w+)\s*\(([^)]*)\)\s*external([^;(]*?)(?:returns\s*\(([^)]*)\))?\s*;/g;
const CONSTANT = /Vm internal constant vm = [^;]+;/;

/** Test.sol with its cheatcodes replaced; `coordinator` is the one code that medusa has not compiled. */
export function cheatcodesOfMedusa(fixture: string, coordinator: string): string {
  const start = fixture.indexOf("interface Vm {");
  const vm = fixture.slice(start, fixture.indexOf("\n}\n", start));
  if (start < 0 || !CONSTANT.test(fixture)) throw new Error("Test.sol has no Vm to replace.");
  const functions = [...vm.matchAll(FUNCTION)].map(
    ([, name = "", parameters = "", mods = "", returned]) =>
      forward(name, parameters, mods, returned),
  );
  return `${fixture.replace(CONSTANT, "VmHandle internal constant vm = VmHandle.wrap(0);")}
type VmHandle is uint256;
using VmForward for VmHandle global;

interface Snapshots {
    function snapshot() external returns (uint256);
    function revertTo(uint256 id) external returns (bool);
}

library VmForward {
    Vm private constant HEVM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Snapshots private constant SNAPSHOTS = Snapshots(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes private constant COORDINATOR = hex"${coordinator.replace(/^0x/, "")}";

${functions.join("\n")}

    function _hash(bytes memory value) private pure returns (bytes32) { return keccak256(value); }
    function _hash(uint256 value) private pure returns (uint256) { return value; }
    function _hash(bytes32 value) private pure returns (bytes32) { return value; }
    function _hash(address value) private pure returns (address) { return value; }
    function _hash(bool value) private pure returns (bool) { return value; }
}
`;
}

/** A fixture that asks for the code of our own contracts: medusa's `getCode` knows none, the compiler does. */
export function withCodes(source: string): string {
  const chosen = CREATED.slice(1).map(
    (name) => `keccak256(bytes(name)) == keccak256("${name}") ? type(${name}).creationCode`,
  );
  return source
    .replaceAll(/vm\.getCode\("(\w+)"\)/g, (call, name: string) =>
      CREATED.includes(name) ? `type(${name}).creationCode` : call,
    )
    .replaceAll("vm.getCode(name)", `(${chosen.join(" : ")} : bytes(""))`);
}

function forward(name: string, parameters: string, mods: string, returned?: string): string {
  const list = split(parameters);
  const names = list.map((_, at) => `a${at}`);
  const declared = list.map((type, at) => `${type} a${at}`);
  const results = split(returned ?? "");
  const mutability = /pure|view/.exec(mods)?.[0] ?? "";
  const call = `HEVM.${name}(${names.join(", ")});`;
  const body = OVERRIDES[name]?.(names) ?? (results.length > 0 ? `return ${call}` : call);
  const returns = results.length > 0 ? ` returns (${results.join(", ")})` : "";
  return `    function ${name}(${["VmHandle", ...declared].join(", ")}) internal ${mutability}${returns} { ${body} }`;
}

/** The types alone, with their place. */
function split(parameters: string): string[] {
  return parameters
    .split(",")
    .map((parameter) => parameter.trim().split(/\s+/))
    .filter(([type]) => type !== "")
    .map(([type = "", place]) =>
      place === "calldata" || place === "memory" || /^(Log|Vm\.Log)/.test(type)
        ? `${type.replace(/^Log/, "Vm.Log")} memory`
        : type,
    );
}
