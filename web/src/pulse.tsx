import "uplot/dist/uPlot.min.css";
import "./styles/styles.css";
import { render } from "preact";
import { startClock } from "./clock";
import { mountPoint } from "./mount-point";
import { PulsePage } from "./pulse/pulse-page";
import { Watch } from "./pulse/watch";

const watch = new Watch();
startClock();
watch.start();
render(<PulsePage watch={watch} />, mountPoint());
