import "uplot/dist/uPlot.min.css";
import "../../src/styles/styles.css";
import { render } from "preact";
import { startClock } from "../../src/clock";
import { mountPoint } from "../../src/mount-point";
import { PulsePage } from "../../src/pulse/pulse-page";
import { Watch } from "../../src/pulse/watch";

const watch = new Watch();
startClock();
watch.start();
render(<PulsePage watch={watch} />, mountPoint());
