import { expect, test } from "vitest";
import { Series } from "../history/series";
import { csv, rows } from "./table";

const at = (second: number) => new Date(second * 1_000).toISOString();

test("a table has a row for each bucket within the window, and empty cells where nothing was measured", () => {
  const series = new Series(10, 100);
  series.addSample({ subject: "a", at: at(100), pain: 0.3, trust: 0.8 });
  series.addSample({ subject: "a", at: at(104), pain: 0.5 });
  series.addSample({ subject: "a", at: at(112), pain: 0.1 });
  series.addSample({ subject: "a", at: at(140), pain: 0.9 });
  const [first, second, ...rest] = rows(series, 100, 120);
  expect(first).toEqual({
    at: at(100),
    pain: 0.5,
    pain_min: 0.3,
    pain_max: 0.5,
    trust: 0.8,
    trust_min: 0.8,
    trust_max: 0.8,
  });
  expect(second?.pain).toBe(0.1);
  expect(rest).toEqual([]);
});

test("the columns are the same whatever was measured", () => {
  const [header, row] = csv([{ at: "t", pain: 0.3 }]).split("\r\n");
  expect(header?.split(",").length).toBe(13);
  expect(row).toBe("t,,,,,,,,,,0.3,,");
});
