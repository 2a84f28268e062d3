type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

const rules = { en: new Intl.PluralRules("en"), ru: new Intl.PluralRules("ru") };

/** The form that `count` asks for, with `#` replaced by the number. */
export function plural(language: keyof typeof rules, count: number, forms: Forms): string {
  const form = forms[rules[language].select(count)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(language).format(count));
}
