import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../language/language";
import type { Connection } from "../stream/connection";
import { Choices } from "./choices";
import { ConnectionChip } from "./connection-chip";
import { Spark } from "./icons";
import { LostBanner } from "./lost-banner";
import { RefusedBanner } from "./refused-banner";

type Props = {
  page: "pulse" | "seams" | "voices";
  connection: Connection;
  /** What stands before the page's name in the title of the window. */
  headline?: string;
  picker?: ComponentChildren;
  children: ComponentChildren;
};

/** What all three pages have around their contents. */
export function Shell({ page, connection, headline, picker, children }: Props) {
  const name = words.value.pages[page];
  const title = headline ? `${headline} · ${name}` : `${name} · Iskra`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <header class="header">
        <h1 class="brand">
          <Spark />
          <span class="brand-name">Iskra</span> <span class="brand-page">{name}</span>
        </h1>
        {picker}
        <div class="header-end">
          <ConnectionChip connection={connection} />
          <Choices />
        </div>
      </header>
      <LostBanner connection={connection} />
      <RefusedBanner />
      <main class="main" data-frozen={connection.isFrozen.value || undefined}>
        {children}
      </main>
    </>
  );
}
