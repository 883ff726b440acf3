/**
 * What the page's side and the frame's side say to each other through `postMessage`.
 *
 * Both sides check where a message comes from and that it is of this version; the frame's side of it is
 * `widget/src/host.rs`. Whatever else arrives is somebody else's, and ignored.
 */

import type { DeskbellEvents } from "./deskbell";

/** Page to frame. */
export type ToFrame =
  | { t: "open"; touch: boolean }
  | { t: "close" }
  | { t: "locale"; locale: string }
  | { t: "theme"; theme: string }
  | { t: "ask"; text: string }
  | { t: "identify"; token: string }
  | { t: "page"; url: string; title: string };

/** Frame to page. */
export type FromFrame =
  | { t: "ready"; accent: string; ink: string }
  | { t: "close" }
  | { t: "where" }
  | { t: "unread"; count: number }
  | { t: "event"; name: "message" | "answer" | "handoff"; detail: DeskbellEvents["message" | "answer" | "handoff"] };

/** Stands in every message; raised when one changes its meaning. */
export const VERSION = 1;

/** A message as it crosses. */
export type Sealed<M> = M & { deskbell: typeof VERSION };
