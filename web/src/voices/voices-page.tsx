import { Shell } from "../shell/shell";
import { Headline } from "../subject/headline";
import type { Watch } from "../watch/watch";

export function VoicesPage({ watch }: { watch: Watch }) {
  return (
    <Shell page="voices" watch={watch} headline={watch.subject.value}>
      {watch.subject.value !== undefined && <Headline watch={watch} />}
    </Shell>
  );
}
