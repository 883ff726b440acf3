/** The frame with the chat in it: made on the first sign of intent, and explained when it does not come up. */

import { complain } from "./console";
import type { DeskbellEvents } from "./deskbell";
import { VERSION, type FromFrame, type Sealed, type ToFrame } from "./protocol";

type Reason = DeskbellEvents["error"]["reason"];

/** How long a page that has loaded may be silent before the edge is asked, in milliseconds. */
const SILENCE = 3_000;
/** How long the chat may take to start in all, in milliseconds. Phones are slow. */
const PATIENCE = 30_000;

export type Frame = ReturnType<typeof frame>;

/** Makes the frame in `parent`. Messages sent before it listens are kept for it. */
export function frame(
  edge: string,
  site: string,
  parent: HTMLElement,
  start: Record<string, string>,
  heard: (message: FromFrame) => void,
  failed: (reason: Reason) => void,
) {
  const element = document.createElement("iframe");
  element.allow = "clipboard-write";
  // The fragment never leaves the browser.
  element.src = `${edge}/w/${site}#${new URLSearchParams({ origin: location.origin, ...start })}`;

  let waiting: ToFrame[] | undefined = [];
  const post = (message: ToFrame) =>
    element.contentWindow?.postMessage({ deskbell: VERSION, ...message } satisfies Sealed<ToFrame>, edge);

  const listen = ({ source, origin, data }: MessageEvent<Sealed<FromFrame> | undefined>) => {
    if (source != element.contentWindow || origin != edge || data?.deskbell != VERSION) return;
    if (data.t == "ready") {
      waiting?.forEach(post);
      waiting = undefined;
    }
    heard(data);
  };

  /** A frame tells its page nothing of why it stays empty; the edge does. */
  const explain = async (late?: boolean) => {
    const [reason, why]: [Reason, string | false | undefined] = (waiting && (await diagnose(edge, site, late))) ?? ["unreachable", late && BLOCKED];
    if (!waiting || !why) return;
    complain(why);
    failed(reason);
  };
  // An error page loads as well, but says nothing.
  element.onload = () => void setTimeout(explain, SILENCE);
  setTimeout(explain, PATIENCE, true);
  addEventListener("message", listen);
  parent.appendChild(element);

  return {
    element,
    send: (message: ToFrame) => void (waiting ? waiting.push(message) : post(message)),
    remove() {
      waiting = undefined;
      removeEventListener("message", listen);
      element.remove();
    },
  };
}

const BLOCKED = `the chat did not start. Does a "frame-src" of this page forbid it?`;

/** Asks the edge what speaks against the frame; nothing, when nothing does. */
async function diagnose(edge: string, site: string, late?: boolean): Promise<[Reason, string] | undefined> {
  try {
    const answer = await fetch(`${edge}/v1/sites/${site}/check`);
    if (answer.ok) return;
    const { type, title, detail } = await answer.json();
    const [reason] = /site-unknown|origin-not-allowed/.exec(type) ?? ["unreachable"];
    return [reason as Reason, `${title}: "${site}" on ${location.origin}. ${detail} ${edge}${type}`];
  } catch {
    // Online it may be this page's policy that forbids to ask, and the chat be on its way: then only time tells.
    if (late || !navigator.onLine)
      return ["unreachable", `${edge} cannot be reached. Is it running? Does a "connect-src" or "frame-src" of this page forbid it?`];
    return;
  }
}
