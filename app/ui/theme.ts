/** Day, night, or what the system says. */
export type Theme = "system" | "day" | "night";

export const THEME_COOKIE = "glasshouse-theme";

export function themeOf(value: string | undefined): Theme {
  return value === "day" || value === "night" ? value : "system";
}
