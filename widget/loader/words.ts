/** The few words that are seen before the chat has loaded, in the page's language. */

import en from "../../www/locales/loader/en.json";
import hans from "../../www/locales/loader/zh-Hans.json";
import hant from "../../www/locales/loader/zh-Hant.json";

export type Words = typeof en;

/** By language and likely script: zh-TW is read in Hant, zh-SG in Hans. */
const WORDS: Record<string, Words> = { "en-Latn": en, "zh-Hans": hans, "zh-Hant": hant };

/** The words of the first wanted language that is spoken here. */
export function words(wanted: readonly string[]): Words {
  for (const tag of wanted) {
    try {
      const { language, script } = new Intl.Locale(tag).maximize();
      const found = WORDS[`${language}-${script}`];
      if (found) return found;
    } catch {
      // Not a language tag: the next one may be.
    }
  }
  return en;
}
