import { parseAbi } from "viem";

/** What deploying needs of `VRFCoordinatorV2_5`; `sdk/vrf.ts` has what bets need. */
export const coordinatorAbi = parseAbi([
  "function s_provingKeys(bytes32 keyHash) view returns (bool exists, uint64 maxGas)",
  "function s_config() view returns (uint16 minimumRequestConfirmations, uint32 maxGasLimit, bool reentrancyLock, uint32 stalenessSeconds, uint32 gasAfterPaymentCalculation, uint32 fulfillmentFlatFeeNativePPM, uint32 fulfillmentFlatFeeLinkDiscountPPM, uint8 nativePremiumPercentage, uint8 linkPremiumPercentage)",
  "function getSubscription(uint256 subId) view returns (uint96 balance, uint96 nativeBalance, uint64 reqCount, address subOwner, address[] consumers)",
  "function fundSubscriptionWithNative(uint256 subId) payable",
]);
