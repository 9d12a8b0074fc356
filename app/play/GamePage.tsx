"use client";

import Link from "next/link";
import { Suspense, lazy, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useConnection } from "wagmi";
import type { Drawn, GameBoard } from "../games/board.ts";
import type { GameInfo } from "../games/server.ts";
import { parseAmount } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { BetRail } from "./BetRail.tsx";
import { Glass } from "./Glass.tsx";
import { Paytable } from "./Paytable.tsx";
import { Stage } from "./Stage.tsx";
import styles from "./play.module.css";
import { usePlay } from "./use-play.ts";
import { useSender } from "./use-sender.ts";

/** Fetched once the page is alive: hydrated late, it would meet data that the server did not have. */
const Below = lazy(async () => ({ default: (await import("./Below.tsx")).Below }));

const never = () => () => {};
const onClient = () => true;
const onServer = () => false;

interface GamePageProps<Choice, Outcome> {
  board: GameBoard<Choice, Outcome>;
  info: GameInfo;
}

/** The page of a game, where the house has it. */
export function GamePage<Choice, Outcome>(props: GamePageProps<Choice, Outcome>) {
  const { name, games } = useDeployment();
  const { key, twin } = props.board;
  if (games.some((game) => game.id === twin.id && game.key === key)) return <Listed {...props} />;
  return (
    <section className="pane stack">
      <h1>{twin.name}</h1>
      <p className="lead">
        This house ({name}) does not offer {twin.name.toLowerCase()}: its contract is not in the
        list that the deployment wrote.
      </p>
      <p>
        <Link className="button" href="/">
          To the games it has
        </Link>
      </p>
    </section>
  );
}

/** One frame for every game: stage and glass, bet rail, what it pays, thread, house, session. */
function Listed<Choice, Outcome>({ board, info }: GamePageProps<Choice, Outcome>) {
  const { twin, Picker, Face, wide: needsWidth = false } = board;
  const { assets } = useDeployment();
  const connection = useConnection();
  const [assetId, setAssetId] = useState(assets[0]?.id ?? 0);
  const [stakeText, setStakeText] = useState(board.firstStake ?? "0.01");
  const [picked, setPicked] = useState<Choice | undefined>(undefined);
  const hydrated = useSyncExternalStore(never, onClient, onServer);
  const [glassOpen, setGlassOpen] = useState<boolean | undefined>(undefined);
  const [wide, setWide] = useState(true);

  useEffect(() => {
    const query = window.matchMedia("(min-width: 1100px)");
    const follow = () => setWide(query.matches);
    follow();
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);

  const asset = assets.find(({ id }) => id === assetId) ?? assets[0];
  if (asset === undefined) throw new Error("The deployment lists no asset");
  const play = usePlay(twin, asset.id, connection.address);
  const sender = useSender(asset);
  const { shown, bet: open } = play;
  const locked =
    sender.sending.phase === "signing" ||
    sender.sending.phase === "sent" ||
    (open?.open === true && open.round === "pending");
  const waiting = shown?.mine === true && shown.stage === "requested";

  // Until the player picks, what they bet on last.
  const choice = picked ?? (shown?.mine ? twin.decode(shown.choice) : board.initial);
  const missing = board.incomplete?.(choice);
  const encoded = missing === undefined ? twin.encode(choice) : undefined;
  const classes = useMemo(
    () => (encoded === undefined ? undefined : twin.distribution(encoded)),
    [twin, encoded],
  );
  const { seed, choice: bet } = shown ?? {};
  const drawn = useMemo(
    (): Drawn<Choice, Outcome> | undefined =>
      seed === undefined || bet === undefined
        ? undefined
        : {
            choice: twin.decode(bet),
            outcome: twin.outcome(seed, bet),
            seed,
            multiplierWad: twin.multiplierWad(bet, seed),
          },
    [twin, seed, bet],
  );
  const stake = parseAmount(stakeText, asset.ledgerDecimals);
  const openGlass = glassOpen ?? (wide && !needsWidth);
  const landed = waiting || drawn === undefined || bet !== encoded ? undefined : drawn;

  return (
    <div className={`grid ${styles.frame}`}>
      <section
        className={`pane ${styles.stage}`}
        data-glass={
          glassOpen === undefined ? (needsWidth ? "closed" : "auto") : glassOpen ? "open" : "closed"
        }
        data-wide={needsWidth}
        aria-label={twin.name}
      >
        <Stage
          name={twin.name}
          about={info.about}
          twin={twin}
          asset={asset}
          shown={shown}
          choice={encoded}
          classes={classes}
          landed={landed}
          readout={drawn === undefined ? undefined : board.readout?.(drawn)}
          glassOpen={openGlass}
          onGlass={() => setGlassOpen(!openGlass)}
        >
          <Face
            choice={choice}
            onChoice={setPicked}
            locked={locked}
            waiting={waiting}
            drawn={waiting ? undefined : drawn}
            drawKey={String(shown?.betId ?? 0n)}
          />
        </Stage>
        <Glass
          source={info.source}
          twin={twin}
          asset={asset}
          shown={shown}
          choice={encoded}
          stake={stake}
        />
      </section>
      <BetRail
        twin={twin}
        verb={board.verb}
        asset={asset}
        onAsset={(id) => {
          setAssetId(id);
          setStakeText(id === 0 ? (board.firstStake ?? "0.01") : "1.00");
        }}
        stakeText={stakeText}
        onStake={setStakeText}
        stake={stake}
        choice={encoded}
        missing={missing}
        classes={classes}
        play={play}
        picker={Picker && <Picker choice={choice} onChoice={setPicked} locked={locked} />}
        sender={sender}
        locked={locked}
      />
      <Paytable
        classes={classes}
        missing={missing}
        landedWad={landed?.multiplierWad}
        subject={encoded === undefined ? twin.name : twin.describe(encoded)}
      />
      {hydrated ? (
        <Suspense fallback={<div className={styles.below} />}>
          <Below game={twin.id} asset={asset} player={connection.address} shown={shown} />
        </Suspense>
      ) : (
        <div className={styles.below} />
      )}
    </div>
  );
}
