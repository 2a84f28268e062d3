import { start } from "../../src/start";
import { VoicesPage } from "../../src/voices/voices-page";

start(
  ["levels", "seam", "voice", "conflict", "chorus", "action", "symbol", "tone", "signal", "experiment", "artifact"],
  VoicesPage,
);
