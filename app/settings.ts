"use client";

import { createContext, useContext } from "react";
import type { Deployment } from "../sdk/deployment.ts";
import type { Settings } from "./data.ts";

export type ReadySettings = Extract<Settings, { ready: true }>;

export const SettingsContext = createContext<ReadySettings | undefined>(undefined);

/** The deployment and endpoints this page was served with. */
export function useSettings(): ReadySettings {
  const settings = useContext(SettingsContext);
  if (settings === undefined) throw new Error("useSettings outside of Providers");
  return settings;
}

export function useDeployment(): Deployment {
  return useSettings().deployment;
}
