"use client";

import dynamic from "next/dynamic";
import { type ReactNode, createContext, useContext, useMemo, useState } from "react";

/** Loaded when it is first opened. */
const WalletDialog = dynamic(() => import("./WalletDialog.tsx").then((module) => module.WalletDialog), { ssr: false });

const OpenContext = createContext<() => void>(() => {});

/** Opens the wallet dialog. */
export function useWalletDialog(): () => void {
  return useContext(OpenContext);
}

/** Holds the one dialog that connects a wallet. */
export function WalletDialogProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<"unused" | "open" | "closed">("unused");
  const show = useMemo(() => () => setState("open"), []);
  return (
    <OpenContext value={show}>
      {children}
      {state !== "unused" && <WalletDialog open={state === "open"} onOpenChange={(open) => setState(open ? "open" : "closed")} />}
    </OpenContext>
  );
}
