import { Lobby } from "./lobby/Lobby.tsx";

export default function LobbyPage() {
  return <Lobby />;
}
