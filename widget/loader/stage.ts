/** The button and the panel: what stands on the page. */

import type { DeskbellSettings } from "./deskbell";
import { CSS } from "./style";
import type { Words } from "./words";

/** A bubble while it is closed, an arrow down while it is open. */
const SHAPES = ["M21 11.5a8.5 8.5 0 0 1-12.3 7.6L3 21l1.9-5.7A8.5 8.5 0 1 1 21 11.5Z", "m6 9 6 6 6-6"];

const make = <K extends keyof HTMLElementTagNameMap>(name: K, parent: Node, className = "") =>
  parent.appendChild(Object.assign(document.createElement(name), { className }));

const draw = (name: string, parent: Element) =>
  parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));

/** Puts the closed button on the page. */
export function stage() {
  // Beside the body: a page may replace or transform its body, and a script in the head runs before there is one.
  const host = make("div", document.documentElement);
  host.id = "deskbell";
  const shadow = host.attachShadow({ mode: "open" });
  // A sheet made by script needs no leave of the page's content security policy; a style element would.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];
  const root = make("div", shadow);
  const panel = make("div", root, "panel");
  const button = make("button", root, "launch");
  button.type = "button";
  const svg = draw("svg", button);
  svg.setAttribute("viewBox", "0 0 24 24");
  for (const shape of SHAPES) draw("path", svg).setAttribute("d", shape);
  const badge = make("span", button);
  const wait = make("p", panel);
  wait.role = "status";

  let say: Words;
  let open = false;
  let unread = 0;

  const label = () => {
    button.ariaLabel = open ? say.close : unread ? say.news.replace("{count}", `${unread}`) : say.open;
    button.ariaExpanded = `${open}`;
    badge.hidden = open || !unread;
    badge.textContent = unread > 9 ? "9+" : `${unread}`;
  };

  /** A keyboard on the screen shrinks what is visible, not the page: the panel has to follow. Only a page that is gone has none. */
  const seen = visualViewport!;
  const fit = () => {
    // Who has zoomed in looks at a part of the panel, which stays as large as it was.
    const { scale, offsetTop, height } = seen;
    panel.style.cssText = scale > 1 ? "" : `--top:${offsetTop}px;--height:${height}px`;
  };
  for (const change of ["resize", "scroll"]) seen.addEventListener(change, fit);

  return {
    button,
    panel,
    /** Looks and speaks as the settings say. */
    wear({ theme = "auto", position = "end", accent = "#0f766e", hidden }: Partial<DeskbellSettings>, words: Words, ink = "#fff") {
      say = words;
      root.dir = getComputedStyle(document.documentElement).direction;
      root.className = position;
      root.style.cssText = `color-scheme:${theme == "auto" ? "light dark" : theme};--accent:${accent};--on:${ink}`;
      button.hidden = !!hidden;
      label();
    },
    unfold(now: boolean) {
      open = now;
      panel.classList.toggle("open", open);
      label();
    },
    count(now: number) {
      unread = now;
      label();
    },
    /** Shows the frame, or what stands in for it while it loads. */
    up(now: boolean) {
      wait.textContent = now ? "" : "…";
      panel.classList.toggle("up", now);
    },
    /** Nothing came: says so, with a way to try again. */
    failed(retry: () => void) {
      wait.textContent = say.trouble;
      const again = make("button", wait);
      again.textContent = say.retry;
      again.onclick = retry;
      return again;
    },
    remove() {
      for (const change of ["resize", "scroll"]) seen.removeEventListener(change, fit);
      host.remove();
    },
  };
}
