/** Says what is missing and what to do about it. */
export function NotReady({ reason, hint }: { reason: string; hint: string }) {
  return (
    <section className="pane stack" aria-labelledby="not-ready">
      <h1 id="not-ready">No casino to show yet</h1>
      <p>{reason}</p>
      <p className="lead">{hint}</p>
      <p className="small dim">Then reload this page: it reads the configuration anew each time.</p>
    </section>
  );
}
