/**
 * How the button and the panel look. Inside a shadow root: the page's styles cannot reach it, nor it the page. They do reach
 * the root's own element, which is empty to them, and themes hide what is empty: nothing of theirs counts there.
 * The ends of the lines are no part of it: every page of a site would pay for them.
 */

export const CSS = `\
:host{all:initial!important}\
[dir]{position:fixed;z-index:2147483000;font:15px/1.5 system-ui,sans-serif}\
button{font:inherit;border:0;padding:0;cursor:pointer;background:var(--accent);color:var(--on)}\
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}\
.launch,.panel{position:fixed;display:grid;place-items:center;inset-inline:var(--start,auto) var(--end,20px);margin-bottom:env(safe-area-inset-bottom)}\
.start{--start:20px;--end:auto}\
.launch{bottom:20px;width:56px;height:56px;border-radius:28px;box-shadow:0 6px 20px #0003}\
svg{width:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round}\
[dir=rtl] svg{transform:scaleX(-1)}\
[aria-expanded=true] path:first-child,[aria-expanded=false] path+path{opacity:0}\
span{position:absolute;top:-3px;inset-inline-end:-3px;min-width:20px;box-sizing:border-box;padding:0 5px;border-radius:10px;background:#d92d20;color:#fff;font:600 12px/20px system-ui}\
[hidden]{display:none}\
.panel{bottom:88px;width:400px;max-width:calc(100vw - 40px);height:min(680px,100dvh - 112px);overflow:hidden;border-radius:16px;background:Canvas;color:CanvasText;box-shadow:0 0 0 1px #8883,0 12px 48px #0003}\
.panel:not(.open){visibility:hidden;opacity:0;transform:translateY(12px)}\
iframe{grid-area:1/1;width:100%;height:100%;border:0}\
:not(.up)>iframe{opacity:0}\
p{grid-area:1/1;margin:24px;text-align:center}\
p button{display:block;margin:12px auto;padding:8px 16px;border-radius:8px}\
@media(max-width:480px){.panel{inset:var(--top,0) 0 auto;width:100%;max-width:none;height:var(--height,100%);margin:0;border-radius:0}.open.up~.launch{visibility:hidden}}\
@media not (prefers-reduced-motion){*{transition:.2s}}`;
