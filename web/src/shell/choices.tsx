import { chooseLanguage, language, languages, words } from "../language/language";
import { chooseTheme, type Theme, theme, themes } from "../theme";

const themePaths: Record<Theme, string> = {
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11z M8 2.5a5.5 5.5 0 0 1 0 11",
  dark: "M12.9 9.8A5.4 5.4 0 0 1 6.2 3.1a5.4 5.4 0 1 0 6.7 6.7z",
  light:
    "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
};

/** The language and the theme. */
export function Choices() {
  const { settings } = words.value;
  return (
    <div class="choices">
      <div class="choice" role="group" aria-label={settings.language}>
        {languages.map((tag) => (
          <button
            type="button"
            key={tag}
            lang={tag}
            aria-pressed={language.value === tag}
            onClick={() => chooseLanguage(tag)}
          >
            {tag.toUpperCase()}
          </button>
        ))}
      </div>
      <div class="choice" role="group" aria-label={settings.theme}>
        {themes.map((name) => (
          <button
            type="button"
            key={name}
            aria-pressed={theme.value === name}
            aria-label={settings.themes[name]}
            title={settings.themes[name]}
            onClick={() => chooseTheme(name)}
          >
            <svg class="choice-icon" data-theme-icon={name} viewBox="0 0 16 16" aria-hidden="true">
              <path d={themePaths[name]} />
            </svg>
          </button>
        ))}
      </div>
    </div>
  );
}
