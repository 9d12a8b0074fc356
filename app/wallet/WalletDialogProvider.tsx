"use client";

import {
  type ReactNode,
  Suspense,
  createContext,
  lazy,
  useContext,
  useMemo,
  useState,
} from "react";

/** Loaded when it is first opened. */
const WalletDialog = lazy(async () => ({
  default: (await import("./WalletDialog.tsx")).WalletDialog,
}));

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
      {state !== "unused" && (
        <Suspense fallback={null}>
          <WalletDialog
            open={state === "open"}
            onOpenChange={(open) => setState(open ? "open" : "closed")}
          />
        </Suspense>
      )}
    </OpenContext>
  );
}
