import { SeamsPage } from "../../src/seams/seams-page";
import { start } from "../../src/start";

start(["levels", "seam", "voice", "action", "bifurcation", "experiment", "artifact"], SeamsPage);
