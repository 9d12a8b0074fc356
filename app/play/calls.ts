/**
 * The transactions a page can ask the wallet for. They are the SDK's `prepare…` actions, written against the small ABI
 * of the first load; amounts are units.
 */
import { type Address, type Hex, zeroAddress } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { casinoAbi, tokenAbi } from "../abi.ts";

export interface Call {
  address: Address;
  abi: typeof casinoAbi | typeof tokenAbi;
  functionName: string;
  args: readonly unknown[];
  value?: bigint;
}

/** Places a bet in lane 0. */
export function placeCall(
  casino: Address,
  order: { asset: number; game: number; stake: bigint; choice: Hex },
): Call {
  return {
    address: casino,
    abi: casinoAbi,
    functionName: "bet",
    args: [order.asset, 0, order.game, order.stake, order.choice],
  };
}

/** Settles a drawn bet, or refunds a void one. */
export function endCall(casino: Address, how: "settle" | "refund", betId: bigint): Call {
  return { address: casino, abi: casinoAbi, functionName: how, args: [betId] };
}

export function depositCall(casino: Address, asset: Asset, amount: bigint, to: Address): Call {
  const call: Call = {
    address: casino,
    abi: casinoAbi,
    functionName: "deposit",
    args: [asset.id, amount, to],
  };
  return asset.token === zeroAddress ? { ...call, value: amount * asset.unit } : call;
}

/** Lets the casino take exactly this deposit of a token. */
export function approveCall(casino: Address, asset: Asset, amount: bigint): Call {
  return {
    address: asset.token,
    abi: tokenAbi,
    functionName: "approve",
    args: [casino, amount * asset.unit],
  };
}

export function withdrawCall(casino: Address, asset: Asset, amount: bigint, to: Address): Call {
  return {
    address: casino,
    abi: casinoAbi,
    functionName: "withdraw",
    args: [asset.id, amount, to],
  };
}

/** Test tokens of the local chain are anyone's to mint. */
export function mintCall(asset: Asset, to: Address, amount: bigint): Call {
  return {
    address: asset.token,
    abi: tokenAbi,
    functionName: "mint",
    args: [to, amount * asset.unit],
  };
}
