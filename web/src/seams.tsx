import "./styles/styles.css";
import { render } from "preact";
import { startClock } from "./clock";
import { LevelsPage } from "./levels/levels-page";
import { LevelsWatch } from "./levels/levels-watch";
import { mountPoint } from "./mount-point";

const watch = new LevelsWatch();
startClock();
watch.start();
render(<LevelsPage page="seams" watch={watch} />, mountPoint());
