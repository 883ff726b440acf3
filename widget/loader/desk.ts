/** Deskbell on one page: joins the button and the panel with the frame, and does what the page asks. */

import { complain } from "./console";
import type { DeskbellEvent, DeskbellEvents, DeskbellSettings, DeskbellVerbs } from "./deskbell";
import { frame, type Frame } from "./frame";
import type { FromFrame } from "./protocol";
import { checked } from "./settings";
import { stage } from "./stage";
import { complete, words, type Words } from "./words";

/** Tells the page that something happened. */
export type Emit = <E extends DeskbellEvent>(event: E, detail: DeskbellEvents[E]) => void;

export type Actions = { [V in keyof Omit<DeskbellVerbs, "boot">]: (...details: DeskbellVerbs[V]) => void };

/** Puts Deskbell on the page. What it returns is what can be asked of it. */
export function desk(edge: string, settings: DeskbellSettings, emit: Emit): Actions {
  const { button, panel, ...look } = stage();
  let inside: Frame | undefined;
  let open = false;
  let say: Words;
  let ink: string | undefined;
  let token: string | undefined;
  /** What had the focus when the panel was opened: a page without our button has one of its own. */
  let before: HTMLElement | null | undefined;

  const hasFocus = () => document.activeElement?.id == "deskbell";

  const languages = () =>
    [settings.locale, document.documentElement.lang, ...navigator.languages].filter(Boolean) as string[];
  const dress = () => {
    look.wear(settings, (say = words(languages())), ink);
    if (!inside) return;
    inside.element.title = say.panel;
    complete(say, edge, dress);
  };

  /** The first sign that the visitor wants the chat. Before it, nothing is requested. */
  const intend = () => {
    if (inside) return;
    look.up(false);
    const start = { languages: `${languages()}`, theme: settings.theme ?? "auto" };
    inside = frame(edge, settings.site, panel, start, heard, (reason) => {
      const held = hasFocus();
      inside?.remove();
      inside = undefined;
      const again = look.failed(retry);
      if (held) again.focus();
      emit("error", { reason });
    });
    dress();
    if (open) enter();
  };
  const retry = () => {
    intend();
    inside?.element.focus();
  };
  const enter = () => {
    inside?.element.focus();
    inside?.send({ t: "open", touch: matchMedia("(pointer:coarse)").matches });
  };

  const unfold = (now: boolean) => {
    if (now == open) return;
    open = now;
    if (open) before = document.activeElement as HTMLElement | null;
    look.unfold(open);
    if (!open) {
      inside?.send({ t: "close" });
      // The page may close the panel while the visitor writes elsewhere.
      if (hasFocus()) (button.hidden ? before : button)?.focus();
    } else if (inside) enter();
    else intend();
    emit(open ? "open" : "close", {});
  };

  const heard = (message: FromFrame) => {
    switch (message.t) {
      case "ready":
        // The site's colour is its owner's word; the tag's was for the time before it was known.
        settings.accent = message.accent;
        ink = message.ink;
        look.up(true);
        // The frame loads itself anew when there is a newer one; the visitor may have opened the panel meanwhile.
        tell(settings);
        if (token != null) inside?.send({ t: "identify", token });
        if (open) enter();
        return dress();
      case "close":
        return unfold(false);
      case "unread":
        look.count(message.count);
        return emit("unread", { count: message.count });
      case "event":
        return emit(message.name, message.detail);
      case "where":
        return inside?.send({ t: "page", url: location.origin + location.pathname, title: document.title });
    }
  };

  const escape = (event: KeyboardEvent) => {
    if (event.key == "Escape" && !event.defaultPrevented && !event.isComposing) unfold(false);
  };

  const tell = ({ locale, theme }: Partial<DeskbellSettings>) => {
    if (locale) inside?.send({ t: "locale", locale: `${languages()}` });
    if (theme) inside?.send({ t: "theme", theme });
  };

  const set = (changes: object | undefined, verb: string) => {
    const { site, ...valid } = checked(changes, `${verb}: `);
    if (site) complain("another site needs 'shutdown' and then 'boot'.");
    Object.assign(settings, valid);
    dress();
    tell(valid);
  };

  // A finger enters before it presses.
  for (const sign of ["pointerenter", "focus"]) button.addEventListener(sign, intend);
  button.onclick = () => unfold(!open);
  addEventListener("keydown", escape);
  dress();

  return {
    open: () => unfold(true),
    close: () => unfold(false),
    toggle: () => unfold(!open),
    show: () => set({ hidden: false }, "show"),
    hide: () => set({ hidden: true }, "hide"),
    setLocale: (locale) => set({ locale }, "setLocale"),
    setTheme: (theme) => set({ theme }, "setTheme"),
    update: (changes) => set(changes, "update"),
    ask(text) {
      if (typeof text != "string" || !text.trim()) return complain("ask: needs a text.");
      unfold(true);
      // It may have failed to come up before.
      intend();
      inside?.send({ t: "ask", text });
    },
    identify(customer) {
      // Without a token nobody is signed in; what is none, the frame says.
      token = `${customer?.token ?? ""}`;
      inside?.send({ t: "identify", token });
    },
    shutdown() {
      unfold(false);
      removeEventListener("keydown", escape);
      inside?.remove();
      look.remove();
    },
  };
}
