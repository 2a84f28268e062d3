import { words } from "../language/language";
import type { OverviewChoice } from "./choice";
import { sorts } from "./rows";

/** Finds, orders and groups. */
export function Toolbar({ choice, canGroup }: { choice: OverviewChoice; canGroup: boolean }) {
  const { pulse: text, subject } = words.value;
  return (
    <div class="toolbar">
      <input
        type="search"
        id="subject-filter"
        aria-label={subject.search}
        placeholder={`${subject.search} (/)`}
        value={choice.search.value}
        onInput={(event) => {
          choice.search.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <div class="choice" role="group" aria-label={text.order}>
        {sorts.map((sort) => (
          <button
            type="button"
            key={sort}
            title={text.orders[sort].hint}
            aria-pressed={choice.sort.value === sort}
            onClick={() => choice.sortBy(sort)}
          >
            {text.orders[sort].name}
          </button>
        ))}
      </div>
      {canGroup && (
        <div class="choice">
          <button
            type="button"
            title={text.groupHint}
            aria-pressed={choice.isGrouped.value}
            onClick={() => choice.group(!choice.isGrouped.value)}
          >
            {text.group}
          </button>
        </div>
      )}
    </div>
  );
}
