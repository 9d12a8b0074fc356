import { Lobby } from "./lobby/Lobby.tsx";
import { gameFigures } from "./lobby/figures.ts";

export default function LobbyPage() {
  return <Lobby figures={gameFigures()} />;
}
