/** What the script tag and the page's calls set, checked once. */

import type { DeskbellSettings } from "./deskbell";
import { complain } from "./console";

/** For each setting what its value looks like; shown as it stands to whoever got it wrong. */
const RULES: Record<string, RegExp> = {
  // Without it, every object's own properties would be settings.
  __proto__: null as never,
  site: /^(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  locale: /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i,
  theme: /^(light|dark|auto)$/,
  position: /^(start|end)$/,
  accent: /^#[0-9a-f]{6}$/i,
  hidden: /^(true|false|)$/,
} satisfies Record<keyof DeskbellSettings | "__proto__", RegExp>;
const NAMES = Object.keys(RULES);

/** Keeps what is valid, and says in the console what is not. `where` is what the page wrote before a setting's name. */
export function checked(given: object | undefined, where: string): Partial<DeskbellSettings> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    if (RULES[name]?.test(value)) kept[name] = name == "hidden" ? `${value}` != "false" : value;
    else complain(`${where}${name} "${value}" is ignored: not ${RULES[name] ?? `one of ${NAMES}`}.`);
  }
  return kept;
}

/** The settings on the script tag: `data-site`, `data-locale` and so on. Other data of a tag is not ours. */
export const ofTag = ({ dataset }: HTMLElement) =>
  checked(Object.fromEntries(Object.entries(dataset).filter(([name]) => NAMES.includes(name))), "data-");
