import { useEffect, useState } from "preact/hooks";
import { fetchArtifacts } from "../api";
import type { Experiment } from "../experiments/experiment";
import type { Artifact } from "./artifact";
import { ownFirst, type Place } from "./belongs";

/** More that belong to one thing are not read here. */
const MOST = 20;

/** What was found: the latest first; `via` whom, when it is not about the thing itself. */
export type Found =
  | { state: "loading" }
  | { state: "found"; own: readonly Artifact[]; others: readonly Artifact[]; via?: Experiment | undefined }
  | { state: "missing" };

/** Looks into one place after the other, and again whenever `occasion` changes. */
export function useArtifacts(places: readonly Place[], occasion: string): Found {
  const key = JSON.stringify(places.map(({ of }) => of));
  const [found, setFound] = useState<{ key: string; found: Found }>();
  useEffect(() => {
    const asking = new AbortController();
    look(places, asking.signal)
      .catch((): Found => ({ state: "missing" }))
      .then((found) => {
        if (!asking.signal.aborted) setFound({ key, found });
      });
    return () => asking.abort();
  }, [key, occasion]);
  return found?.key === key ? found.found : { state: "loading" };
}

async function look(places: readonly Place[], signal: AbortSignal): Promise<Found> {
  for (const place of places) {
    const artifacts = await fetchArtifacts(place.of, MOST, signal);
    if (artifacts.length > 0) return { state: "found", ...ownFirst(artifacts, place), via: place.via };
  }
  return { state: "found", own: [], others: [] };
}
