"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { defineChain, http } from "viem";
import { WagmiProvider, createConfig, injected } from "wagmi";
import { LiveProvider } from "./live.tsx";
import { type ReadySettings, SettingsContext } from "./settings.ts";
import { burner } from "./wallet/burner.ts";
import { WalletDialogProvider } from "./wallet/WalletDialogProvider.tsx";

function createWagmi({ deployment, rpcUrl, local }: ReadySettings) {
  const native = deployment.assets.find((asset) => asset.id === 0);
  const chain = defineChain({
    id: deployment.chainId,
    name: local ? "Glasshouse local" : deployment.name,
    nativeCurrency: {
      name: native?.name ?? "Ether",
      symbol: native?.symbol ?? "ETH",
      decimals: 18,
    },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  return createConfig({
    chains: [chain],
    transports: { [chain.id]: http(rpcUrl, { batch: { wait: 8 }, retryCount: 1 }) },
    connectors: local ? [burner({ chain, rpcUrl }), injected()] : [injected()],
    pollingInterval: 1_000,
    ssr: true,
  });
}

/** Everything the client leaves stand on; made once per page load. */
export function Providers({
  settings,
  children,
}: {
  settings: ReadySettings;
  children: ReactNode;
}) {
  const [wagmi] = useState(() => createWagmi(settings));
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 1_000 } } }),
  );
  return (
    <SettingsContext value={settings}>
      <WagmiProvider config={wagmi}>
        <QueryClientProvider client={queries}>
          <LiveProvider>
            <WalletDialogProvider>{children}</WalletDialogProvider>
          </LiveProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </SettingsContext>
  );
}
