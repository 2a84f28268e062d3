import { checkLook } from "../support/look";
import { type Language, points } from "../support/points";
import { expect, test } from "../support/pulse";

const grounds = { dark: "rgb(12, 15, 20)", light: "rgb(243, 245, 248)" };

// Everything that the pages promise, as people read it: in both languages and both themes.
for (const language of ["en", "ru"] as const satisfies Language[]) {
  for (const theme of ["dark", "light"] as const) {
    test.describe(`${language}, ${theme}`, () => {
      for (const { name, given, url, does, reads } of points) {
        test(name, async ({ page, service }) => {
          await page.addInitScript(
            ([language, theme]) => {
              localStorage.setItem("iskra.language", language);
              localStorage.setItem("iskra.theme", theme);
            },
            [language, theme] as const,
          );
          given(service);
          await page.goto(url());
          await does?.(page, service, language);
          for (const [selector, en, ru] of reads) {
            await expect(page.locator(selector)).toContainText(language === "en" ? en : ru);
          }
          await expect(page.locator("html")).toHaveCSS("background-color", grounds[theme]);
          await expect(page.locator("html")).toHaveAttribute("lang", language);
          await checkLook(page);
        });
      }
    });
  }
}
