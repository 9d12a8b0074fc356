import Link from "next/link";

export default function NotFound() {
  return (
    <section className="pane stack">
      <h1>Nothing here</h1>
      <p className="lead">There is no such page.</p>
      <p>
        <Link className="button" href="/">
          To the games
        </Link>
      </p>
    </section>
  );
}
