import { PulsePage } from "../../src/pulse/pulse-page";
import { start } from "../../src/start";

start(["levels", "seam", "voice", "action", "symbol", "tone", "experiment", "artifact"], PulsePage, {
  hasOverview: true,
});
