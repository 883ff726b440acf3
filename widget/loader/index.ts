/**
 * The script in the page: `<script async src="https://EDGE/deskbell.js" data-site="acme"></script>`.
 *
 * It draws the button, takes calls, and does nothing else until the visitor wants the chat.
 * Whatever goes wrong is said once in the console; the page never meets an exception.
 */

import { complain } from "./console";
import { desk, type Actions, type Emit } from "./desk";
import type { DeskbellApi, DeskbellEvent, DeskbellSettings } from "./deskbell";
import { checked, ofTag } from "./settings";

type Call = [verb: string, ...details: unknown[]];
/** What stands in for the API until this script has loaded: it keeps the calls. */
type Queue = { q?: ArrayLike<unknown>[]; loaded?: true };

const TAG = '<script async src="…/deskbell.js" data-site="YOUR-SITE">';
/** Every event there is. */
const EVENTS = Object.keys({
  ready: 0,
  open: 0,
  close: 0,
  unread: 0,
  message: 0,
  answer: 0,
  handoff: 0,
  error: 0,
} satisfies Record<DeskbellEvent, 0>);

function start(tag: HTMLScriptElement | null) {
  const before = window.Deskbell as unknown as Queue | undefined;
  if (before?.loaded) return complain("the script is here twice.");
  if (!tag?.src) return complain(`no tag of the script. Write ${TAG}`);
  const edge = new URL(tag.src).origin;

  let actions: Actions | undefined;

  const emit: Emit = (event, detail) => void document.dispatchEvent(new CustomEvent(`deskbell:${event}`, { detail }));

  const on = (event: string, listener: (detail: unknown) => void) => {
    const heard = (event: Event) => listener((event as CustomEvent).detail);
    if (EVENTS.includes(event) && typeof listener == "function") document.addEventListener(`deskbell:${event}`, heard);
    else complain(`'on' takes a function and one of ${EVENTS}.`);
    return () => document.removeEventListener(`deskbell:${event}`, heard);
  };

  const boot = (settings: Partial<DeskbellSettings>) => {
    const { site } = settings;
    if (actions) complain("it has booted. Use 'update' or 'shutdown'.");
    else if (!site) complain(`no site is named. Write ${TAG} or Deskbell('boot', {site: 'YOUR-SITE'}).`);
    else {
      actions = desk(edge, { ...settings, site }, emit);
      emit("ready", { site });
    }
  };

  const call = (...[verb, ...details]: Call): unknown => {
    if (verb == "on") return on(...(details as Parameters<typeof on>));
    if (verb == "boot") return boot({ ...ofTag(tag), ...checked(details[0] as object, "boot: ") });
    if (!actions) return complain(`'${verb}' has to wait for 'boot'.`);
    if (!Object.hasOwn(actions, verb)) return complain(`no verb '${verb}' among on,boot,${Object.keys(actions)}.`);
    (actions as Record<string, (...details: unknown[]) => void>)[verb]?.(...details);
    if (verb == "shutdown") actions = undefined;
    return;
  };

  window.Deskbell = Object.assign(call, { loaded: true }) as unknown as DeskbellApi;
  const queued = Array.from(before?.q ?? [], (asked) => Array.from(asked) as Call);
  // What was asked before the script came is done in order, but nothing can be done before there is a site.
  const early = ([verb]: Call) => verb == "on" || verb == "boot";
  for (const asked of queued.filter(early)) call(...asked);
  if (!actions) boot(ofTag(tag));
  for (const asked of queued) if (!early(asked)) call(...asked);
}

try {
  // A tag manager runs the script without saying which tag it was.
  start((document.currentScript ?? document.querySelector('script[src*="/deskbell.js"]')) as HTMLScriptElement | null);
} catch (fault) {
  complain(`${fault}`);
}
