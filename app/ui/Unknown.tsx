"use client";

/** What stands where a figure could not be read: a dash, the reason and a way to ask again. */
export function Unknown({ reason, retry }: { reason: string; retry: () => void }) {
  return (
    <p className="row small" role="status">
      <span className="num">—</span>
      <span className="dim">{reason}</span>
      <button type="button" className="button" onClick={retry}>
        Ask again
      </button>
    </p>
  );
}

/** First line of an error, for a person. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "HttpRequestError" || error.name === "TimeoutError")
    return "The node does not answer.";
  if ("shortMessage" in error && typeof error.shortMessage === "string") return error.shortMessage;
  return error.message.split("\n")[0] ?? error.message;
}
