/**
 * The few words that are seen before the chat has loaded, in the page's language.
 *
 * Of most languages the script has none, since all of them would outweigh the rest of it: the button is called "Chat", which
 * is said in all of them, and whether it opens or closes is said by its state. The words come when the visitor wants the
 * chat, from `/words/{language}.js`; without them, what else there is to say is said in English.
 */

import en from "../../www/locales/loader/en.json";
import hans from "../../www/locales/loader/zh-Hans.json";
import hant from "../../www/locales/loader/zh-Hant.json";

export type Words = typeof en & {
  /** The language whose words these stand in for. */
  more?: string;
};

/** By language and likely script: zh-TW is read in Hant, zh-SG in Hans. */
const WORDS: Record<string, Words> = { "en-Latn": en, "zh-Hans": hans, "zh-Hant": hant };

/** The languages whose words come later. */
const MORE = /^(ar|de|es|fr|hi|id|it|ja|ko|pl|pt|ru|th|tr|vi)$/;

/** The words of the first wanted language that is spoken here. */
export function words(wanted: readonly string[]): Words {
  for (const tag of wanted) {
    try {
      const { language, script } = new Intl.Locale(tag).maximize();
      const key = `${language}-${script}`;
      if (MORE.test(language)) WORDS[key] ??= { ...en, open: en.panel, close: en.panel, more: language };
      if (WORDS[key]) return WORDS[key];
    } catch {
      // Not a language tag: the next one may be.
    }
  }
  return en;
}

/** Fetches what is missing of a language, if anything is. A script, since pages forbid other requests more often. */
export const complete = (say: Words, edge: string, then: () => void) =>
  say.more &&
  import(`${edge}/words/${say.more}.js`).then(
    (all) => {
      Object.assign(say, all.default, { more: "" });
      then();
    },
    () => {},
  );
