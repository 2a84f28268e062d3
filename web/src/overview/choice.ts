import { signal } from "@preact/signals";
import { recall, remember } from "../preferences";
import { type Shown, type Sort, sorts } from "./rows";

/** What of the overview is shown, and in which order. It outlives a look at one subject. */
export class OverviewChoice {
  readonly search = signal("");
  readonly lights = signal<ReadonlySet<Shown>>(new Set());
  readonly sort = signal<Sort>(sorts.find((each) => each === recall("sort")) ?? "worst");
  readonly isGrouped = signal(recall("groups") === "yes");
  /** Whom one looked at last: the place in the list to come back to. */
  visited: string | undefined;

  toggleLight(light: Shown): void {
    const lights = new Set(this.lights.peek());
    if (!lights.delete(light)) lights.add(light);
    this.lights.value = lights;
  }

  sortBy(sort: Sort): void {
    this.sort.value = sort;
    remember("sort", sort);
  }

  group(isGrouped: boolean): void {
    this.isGrouped.value = isGrouped;
    remember("groups", isGrouped ? "yes" : "no");
  }
}
