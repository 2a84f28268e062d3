import { Shell } from "../shell/shell";
import { Headline } from "../subject/headline";
import type { Watch } from "../watch/watch";

export function SeamsPage({ watch }: { watch: Watch }) {
  return (
    <Shell page="seams" watch={watch} headline={watch.subject.value}>
      {watch.subject.value !== undefined && <Headline watch={watch} />}
    </Shell>
  );
}
