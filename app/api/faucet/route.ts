import { createPublicClient, createWalletClient, http, isAddress, parseEther } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { readSettings } from "../../data.ts";

/** Accounts that every local chain is born with; the first player's pays. */
const MNEMONIC = "test test test test test test test test test test test junk";
const PAYER = 5;
const GIFT = parseEther("10");

/** Sends test coins to an empty address of the local chain; anywhere else there is no such route. */
export async function POST(request: Request): Promise<Response> {
  const settings = await readSettings();
  if (!settings.ready || !settings.local)
    return Response.json({ error: "There is no faucet on this network." }, { status: 404 });
  let address: unknown;
  try {
    ({ address } = (await request.json()) as { address?: unknown });
  } catch {
    return Response.json({ error: "The body is not JSON." }, { status: 400 });
  }
  if (typeof address !== "string" || !isAddress(address))
    return Response.json({ error: "That is not an address." }, { status: 400 });

  const transport = http(settings.rpcUrl);
  const reader = createPublicClient({ transport });
  if ((await reader.getChainId()) !== settings.deployment.chainId) {
    return Response.json(
      { error: "The node is on another chain than the deployment." },
      { status: 409 },
    );
  }
  if ((await reader.getBalance({ address })) >= GIFT / 2n) return Response.json({ sent: "0" });
  const payer = createWalletClient({
    account: mnemonicToAccount(MNEMONIC, { addressIndex: PAYER }),
    transport,
  });
  const hash = await payer.sendTransaction({ to: address, value: GIFT, chain: null });
  await reader.waitForTransactionReceipt({ hash, pollingInterval: 200 });
  return Response.json({ sent: GIFT.toString(), hash });
}
