import "../../src/styles/styles.css";
import { render } from "preact";
import { startClock } from "../../src/clock";
import { LevelsPage } from "../../src/levels/levels-page";
import { LevelsWatch } from "../../src/levels/levels-watch";
import { mountPoint } from "../../src/mount-point";

const watch = new LevelsWatch();
startClock();
watch.start();
render(<LevelsPage page="voices" watch={watch} />, mountPoint());
