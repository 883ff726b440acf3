/**
 * What a page can ask of Deskbell, and what Deskbell tells the page.
 *
 * The loader is checked against these declarations, so they cannot promise what it does not do.
 */

/** How the widget looks and where it stands. Everything is optional but the site. */
export interface DeskbellSettings {
  /** The site's name, as its owner chose it: 1 to 40 of `a-z`, `0-9` and single hyphens between them. */
  site: string;
  /** The language to speak, as a BCP 47 tag. Without one: the page's `lang`, then the browser's languages. */
  locale?: string;
  /** Light, dark, or as the visitor's system is. `auto` when not set. */
  theme?: "light" | "dark" | "auto";
  /** At which end of a line the button stands: `end` is right in English, left in Arabic. `end` when not set. */
  position?: "start" | "end";
  /** The colour of the button until the site's own is known, `#rrggbb`. */
  accent?: string;
  /** Whether to begin without the button, for pages that open the chat themselves. */
  hidden?: boolean;
}

/** What happens, and what is told with it. Each reaches the page as a DOM event `deskbell:NAME` as well. */
export interface DeskbellEvents {
  /** Deskbell stands on the page, and carries out what is asked of it. Nothing but the loader has loaded yet. */
  ready: { site: string };
  /** The panel was opened. */
  open: Record<string, never>;
  /** The panel was closed. */
  close: Record<string, never>;
  /** How many messages of the site's people the visitor has not seen. */
  unread: { count: number };
  /** Something was said in a talk with a person. Its words stay in the chat. */
  message: { from: "visitor" | "agent" };
  /** A question was dealt with in the browser. The question stays in the chat. */
  answer: { outcome: "answered" | "offered" | "missed" | "repeated"; entry?: string };
  /** The visitor agreed, and the talk went to a person. */
  handoff: { conversation: string };
  /** The chat could not be shown; the console says why and what helps. */
  error: { reason: "site-unknown" | "origin-not-allowed" | "unreachable" };
}

/** The name of something that happens. */
export type DeskbellEvent = keyof DeskbellEvents;

/** Each verb and what comes with it. */
export interface DeskbellVerbs {
  /** Starts Deskbell on a page whose script tag names no site, or again after `shutdown`. */
  boot: [settings: DeskbellSettings];
  /** Changes settings; those not named stay. */
  update: [settings: Partial<Omit<DeskbellSettings, "site">>];
  /** Opens the panel. */
  open: [];
  /** Closes the panel. */
  close: [];
  /** Opens the panel, or closes it. */
  toggle: [];
  /** Shows the button. */
  show: [];
  /** Hides the button. The panel can still be opened. */
  hide: [];
  /** Speaks another language from now on. */
  setLocale: [locale: string];
  /** Looks light, dark, or as the visitor's system is. */
  setTheme: [theme: "light" | "dark" | "auto"];
  /** Opens the panel and asks. In a talk with a person the text waits in the composer for the visitor to send it. */
  ask: [text: string];
  /**
   * Says who is signed in at the site, by a JSON Web Token that its backend has signed: HS256 with the site's secret, `aud` the
   * site, `sub` the customer, `exp` a day away at most; `name`, `email` and `vip: true` if known. It is sent whole, and
   * not before the visitor agrees to talk to a person. An empty token signs out, and leaves the talk of who was signed in.
   */
  identify: [customer: { token: string }];
  /** Takes everything of Deskbell off the page, until `boot`. */
  shutdown: [];
}

/** The function that a page calls. */
export interface DeskbellApi {
  /** Calls `listener` whenever `event` happens. Returns what ends that. */
  <E extends DeskbellEvent>(verb: "on", event: E, listener: (detail: DeskbellEvents[E]) => void): () => void;
  /** Asks for something. */
  <V extends keyof DeskbellVerbs>(verb: V, ...details: DeskbellVerbs[V]): void;
}

declare global {
  interface Window {
    Deskbell?: DeskbellApi;
  }
  interface DocumentEventMap extends DeskbellDomEvents {}
}

/** The DOM events, dispatched on `document`. */
export type DeskbellDomEvents = {
  [E in DeskbellEvent as `deskbell:${E}`]: CustomEvent<DeskbellEvents[E]>;
};
