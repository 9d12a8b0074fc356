"use client";

import * as Dialog from "@radix-ui/react-dialog";
import type { Asset } from "../../sdk/deployment.ts";
import { DepositForm } from "./DepositForm.tsx";

/** The deposit form where a bet needs it. */
export function DepositDialog({
  open,
  onOpenChange,
  asset,
  suggested,
}: {
  open: boolean;
  onOpenChange(open: boolean): void;
  asset: Asset;
  suggested: bigint | undefined;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog">
          <div className="stack">
            <div className="spread">
              <Dialog.Title>Deposit {asset.symbol}</Dialog.Title>
              <Dialog.Close className="button quiet">Close</Dialog.Close>
            </div>
            <Dialog.Description className="small dim">
              It becomes your balance in the casino's ledger. You can withdraw all of it at any
              time, in any state of the casino.
            </Dialog.Description>
            <DepositForm asset={asset} suggested={suggested} onDone={() => onOpenChange(false)} />
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
