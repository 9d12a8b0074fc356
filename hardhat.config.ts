import { createRequire } from "node:module";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);

/** Compilers come from npm as WebAssembly, so that a build needs no download. */
export default defineConfig({
  plugins: [hardhatViem],
  solidity: {
    compilers: [
      {
        version: "0.8.37",
        path: require.resolve("solc/soljson.js"),
        settings: {
          viaIR: true,
          evmVersion: "prague",
          // More runs inline more: past 300 the casino would break EIP-170, at 8,000 a bet would cost 300 gas less.
          optimizer: { enabled: true, runs: 200 },
          metadata: { bytecodeHash: "none" },
        },
      },
      {
        // Chainlink's coordinator pins this version; more runs would break EIP-170.
        version: "0.8.19",
        path: require.resolve("solc-0.8.19/soljson.js"),
        settings: { evmVersion: "paris", optimizer: { enabled: true, runs: 1_000 } },
      },
    ],
    npmFilesToBuild: [
      "@chainlink/contracts/src/v0.8/vrf/dev/VRFCoordinatorV2_5.sol",
      "@chainlink/contracts/src/v0.8/shared/token/ERC677/LinkToken.sol",
      "@chainlink/contracts/src/v0.8/shared/mocks/MockV3Aggregator.sol",
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
    ],
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "prague" },
    amsterdam: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "amsterdam",
      // There, a byte of code costs so much that the coordinator would not fit the usual limits.
      blockGasLimit: 1_000_000_000,
      transactionGasCap: 1_000_000_000,
    },
  },
  paths: { sources: "contracts", tests: { solidity: "test/contracts" } },
  test: {
    solidity: {
      fuzz: { runs: 256 },
      invariant: { runs: 256, depth: 64, failOnRevert: true },
    },
  },
});
