"use client";

/** A page that failed says so, and can be asked again. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <section className="pane stack" role="alert">
      <h1>This page failed</h1>
      <p className="mono small">{error.message}</p>
      <p className="lead">Your balance and your bets are on the chain, untouched by it.</p>
      <button type="button" className="button" onClick={reset}>
        Try again
      </button>
    </section>
  );
}
