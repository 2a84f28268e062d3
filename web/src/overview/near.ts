import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** So far beyond the window rows are drawn, so that none is empty when it is scrolled into sight. */
const MARGIN = "600px 0px";

const told = new WeakMap<Element, Signal<boolean>>();
let observer: IntersectionObserver | undefined;

/** Whether an element is in sight, or nearly so. Where `isAlways` says so it counts as such wherever it is. */
export function useNear(element: RefObject<Element | null>, isAlways: boolean): boolean {
  const isNear = useSignal(false);
  useEffect(() => {
    if (isAlways || !element.current) return;
    const { current } = element;
    observer ??= new IntersectionObserver(tell, { rootMargin: MARGIN });
    told.set(current, isNear);
    observer.observe(current);
    return () => observer?.unobserve(current);
  }, [isAlways]);
  return isAlways || isNear.value;
}

function tell(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    const isNear = told.get(target);
    if (isNear) isNear.value = isIntersecting;
  }
}
