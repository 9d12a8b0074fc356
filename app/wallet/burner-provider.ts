import {
  type Address,
  type Chain,
  type Hex,
  createWalletClient,
  hexToBigInt,
  http,
  numberToHex,
  publicActions,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";

export { generatePrivateKey } from "viem/accounts";

/** The least of EIP-1193 that viem asks of a wallet. */
export interface BurnerProvider {
  address: Address;
  request(call: { method: string; params?: unknown }): Promise<unknown>;
}

type SendParams = [{ to: Address; data?: Hex; value?: Hex; gas?: Hex }];

/** Signs with a local key, sends raw transactions to the node and passes all other calls on. */
export function createBurnerProvider({
  chain,
  rpcUrl,
  key,
}: {
  chain: Chain;
  rpcUrl: string;
  key: Hex;
}): BurnerProvider {
  const account = privateKeyToAccount(key);
  const client = createWalletClient({ account, chain, transport: http(rpcUrl) }).extend(
    publicActions,
  );
  return {
    address: account.address,
    async request({ method, params }) {
      switch (method) {
        case "eth_accounts":
        case "eth_requestAccounts":
          return [account.address];
        case "eth_chainId":
          return numberToHex(chain.id);
        case "eth_sendTransaction": {
          const [{ to, data, value, gas }] = params as SendParams;
          return client.sendTransaction({
            to,
            ...(data === undefined ? {} : { data }),
            ...(value === undefined ? {} : { value: hexToBigInt(value) }),
            ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }),
          });
        }
        case "personal_sign":
          return account.signMessage({ message: { raw: (params as [Hex])[0] } });
        case "eth_signTypedData_v4":
          return account.signTypedData(JSON.parse((params as [Address, string])[1]));
        default:
          return client.request({ method, params } as Parameters<typeof client.request>[0]);
      }
    },
  };
}
