import type { Metadata } from "next";
import { Account } from "./Account.tsx";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return <Account />;
}
